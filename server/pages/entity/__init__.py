"""The page about one thing, a room for each part of it; `page` puts them together."""
