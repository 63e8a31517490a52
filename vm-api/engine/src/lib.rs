//! The engine contracts: Machine, Language, Backend, frame states and deoptimization metadata
