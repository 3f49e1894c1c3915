"""symderiv writes the derivation, checks yours, proves it for every size, and puts it in your paper."""
