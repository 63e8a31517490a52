//! Algorithms that programs can observe, on plain data: string hashing, the random number generator, sorting.
