//! The Lox language of Crafting Interpreters: the proof that nothing in vm-api is Python-shaped
