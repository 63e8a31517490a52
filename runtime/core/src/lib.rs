//! Vm, threads, stacks, safepoints, deoptimizer, tier policy
