"""Pages for people: a module and a template each; they work without JavaScript."""
