"""One module for each format; each has `render(blocks, page)`, and `symderiv.write.registry` lists them."""
