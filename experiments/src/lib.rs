//! The measuring instrument: it runs interpreters as processes, and says how they compare and how sure that is.
//!
//! A *definition* names subjects, programs, invocations and iterations. The *plan* puts one invocation of each program on
//! each subject into a block, and shuffles every block by a seed, so that what drifts (a warm machine, a neighbour) hits
//! all alike. Each invocation is a fresh process that runs `drive.py`, is timed and checked, and goes into the *journal*
//! at once; all else is made from the journal and can be made again.
//!
//! | module | holds |
//! | --- | --- |
//! | [`definition`] | the TOML files |
//! | [`covering`] | few combinations of settings that have every pair |
//! | [`program`] | the programs of the suites, and what they must compute |
//! | [`subject`] | interpreters: where they are, and how they were built |
//! | [`plan`] | what runs when |
//! | [`process`] | one child, watched |
//! | [`interrupt`], [`counters`], [`events`] | signals, hardware counters, the event log of collectors |
//! | [`invocation`] | one invocation, and what became of it |
//! | [`minimum`] | the least heap in which a program runs |
//! | [`store`] | the folder of a run: manifest and journal |
//! | [`run`] | an experiment from definition to report |
//! | [`statistics`] | intervals and changepoints |
//! | [`analysis`] | from the journal to the summary |
//! | [`claim`] | what a definition claims, beside what was found |
//! | [`report`], [`samples`], [`pyperf`], [`readme`] | the summary as HTML and text, samples as CSV and for pyperf, a table for the README |
//! | [`compare`] | two runs |

pub mod analysis;
pub mod claim;
pub mod compare;
pub mod counters;
pub mod covering;
pub mod definition;
pub mod events;
pub mod interrupt;
pub mod invocation;
pub mod minimum;
pub mod plan;
pub mod process;
pub mod program;
pub mod pyperf;
pub mod readme;
pub mod report;
pub mod run;
pub mod samples;
pub mod statistics;
pub mod store;
pub mod subject;
