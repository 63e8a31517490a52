//! The arithmetic of Python numbers on plain data: integers of any size as limbs, floats and their text, complex numbers.
