"""Who may write: tokens, what each allows, and the guard that asks for them."""
