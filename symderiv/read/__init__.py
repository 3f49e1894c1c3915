"""Reading: text to terms and contexts, every token read or the place named."""
