//! Why what is hot is not compiled.

use crate::build;
use vm_api::engine::Bailout;

/// Why an entry has no unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::tier) enum Refusal {
    /// It could not be built.
    Build(build::Bailout),
    /// The backend could not compile what was built.
    Backend(Bailout),
    /// The backend failed while the program went on, and what it was at work on is lost.
    Lost,
    /// There is no room for its code.
    NoRoom(String),
    /// Its code calls where nobody knows what is live.
    UnknownSite,
    /// An activation takes more of the native stack than is kept free.
    LargeFrame,
    /// It is hidden code: it is part of what calls it.
    Hidden,
    /// It runs with feedback that is not its own.
    ForeignFeedback,
    /// Somebody observes its frame.
    Observed,
    /// The stacks have no room for its frames.
    FullStack,
}

impl Refusal {
    /// Which part of the system refused.
    pub(super) fn by(&self) -> &'static str {
        match self {
            Refusal::Build(_) => "build",
            Refusal::Backend(_) | Refusal::Lost => "backend",
            Refusal::NoRoom(_) | Refusal::UnknownSite | Refusal::LargeFrame => "install",
            Refusal::Hidden | Refusal::ForeignFeedback | Refusal::Observed | Refusal::FullStack => "policy",
        }
    }
    /// In a word, for programs that read the log.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Refusal::Build(build::Bailout::TooBig) => "too-big",
            Refusal::Build(build::Bailout::Unsettled) => "unsettled",
            Refusal::Backend(Bailout::Unsupported(_)) => "unsupported",
            Refusal::Backend(Bailout::TooLarge) => "too-large",
            Refusal::Backend(Bailout::Invalid(_)) => "invalid",
            Refusal::Lost => "lost",
            Refusal::NoRoom(_) => "no-room",
            Refusal::UnknownSite => "unknown-site",
            Refusal::LargeFrame => "large-frame",
            Refusal::Hidden => "hidden",
            Refusal::ForeignFeedback => "foreign-feedback",
            Refusal::Observed => "observed",
            Refusal::FullStack => "full-stack",
        }
    }
    /// In a sentence, for people.
    pub(super) fn detail(&self) -> String {
        let fixed = match self {
            Refusal::Build(build::Bailout::TooBig) => "the unit grew beyond the limit of instructions",
            Refusal::Build(build::Bailout::Unsettled) => "the types at its joins did not settle",
            Refusal::Backend(bailout) => return bailout.to_string(),
            Refusal::NoRoom(why) => return why.clone(),
            Refusal::Lost => "the backend failed",
            Refusal::LargeFrame => "an activation takes more of the native stack than is kept free",
            Refusal::UnknownSite => "its code calls where nobody knows what is live",
            Refusal::Hidden => "hidden code is compiled within what calls it",
            Refusal::ForeignFeedback => "it runs with feedback that is not its own",
            Refusal::Observed => "somebody observes its frame",
            Refusal::FullStack => "the stacks have no room for its frames",
        };
        fixed.to_owned()
    }
}

impl From<build::Bailout> for Refusal {
    fn from(bailout: build::Bailout) -> Refusal {
        Refusal::Build(bailout)
    }
}

impl From<Bailout> for Refusal {
    fn from(bailout: Bailout) -> Refusal {
        Refusal::Backend(bailout)
    }
}
