//! What is brought where, and what people have done with it there.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ArtifactRow, EnvironmentName};
use crate::{
    identity::Identity, kind::binding::ReleaseState, kind::component::ComponentType, moment::Moment,
};

/// A new version of a component: another image for one of its containers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewVersion {
    /// The container; `main`, or the only one, when empty.
    #[serde(default)]
    pub container: String,
    /// The image.
    pub image: String,
    /// The commit that it was built from; may be empty.
    #[serde(default)]
    pub commit: String,
}

/// What a registry said of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Checked {
    /// It is there, and its digest is pinned.
    Found,
    /// Nobody could say. It is taken as it was written.
    #[default]
    Unknown,
    /// Nobody was asked: the check is turned off.
    Off,
}

/// An image as it will be written down, and how far that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageCheck {
    /// The image as it will be written: with its digest where that is known.
    pub image: String,
    /// What came of asking.
    pub checked: Checked,
    /// The same in words.
    pub says: String,
}

/// What became of a new version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shipped {
    /// The artifact.
    pub artifact: ArtifactRow,
    /// Whether it is new; the same content is the same artifact.
    pub made: bool,
    /// The environments that it goes to by itself.
    pub goes_to: Vec<String>,
    /// Why it goes nowhere yet; empty else.
    pub waits: String,
    /// What the registry said.
    pub check: ImageCheck,
}

/// What can be done with a component in one environment, besides declaring it otherwise.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// New pods take the place of the old ones, a few at a time.
    #[default]
    Restart,
    /// A task runs once, now.
    Run,
    /// It stays, and stands still.
    Suspend,
    /// It runs again.
    Resume,
    /// All of it is taken off the plane.
    Undeploy,
}

impl Action {
    /// All of them, in the order in which menus show them.
    pub const ALL: [Self; 5] = [
        Self::Restart,
        Self::Run,
        Self::Suspend,
        Self::Resume,
        Self::Undeploy,
    ];

    /// The word of addresses and of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Run => "run",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Undeploy => "undeploy",
        }
    }

    /// Reads what [`Action::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The word on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Restart => "Restart",
            Self::Run => "Run now",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Undeploy => "Undeploy",
        }
    }

    /// What it does, in a sentence.
    pub fn means(self) -> &'static str {
        match self {
            Self::Restart => "New pods take the place of the old ones, a few at a time.",
            Self::Run => "The task runs once, now, beside its schedule.",
            Self::Suspend => "Everything stays where it is, and nothing runs until it is resumed.",
            Self::Resume => "It runs again, as it did before.",
            Self::Undeploy => {
                "Everything of it is taken off the plane, addresses too. Its artifact and its settings stay."
            }
        }
    }

    /// The state that it brings a binding to; none when it leaves that alone.
    pub fn state(self) -> Option<ReleaseState> {
        match self {
            Self::Restart | Self::Run => None,
            Self::Suspend => Some(ReleaseState::Suspend),
            Self::Resume => Some(ReleaseState::Active),
            Self::Undeploy => Some(ReleaseState::Undeploy),
        }
    }

    /// Why it can't be done now; none when it can.
    pub fn objection(self, standing: Standing) -> Option<&'static str> {
        const NOTHING: &str = "Nothing of it is on the plane";
        let task = standing.component_type == ComponentType::ScheduledTask;
        if !standing.bound {
            return Some("No artifact is bound to this environment yet");
        }
        let unreleased = (!standing.released).then_some("It wasn't brought to the plane yet");
        match (self, standing.state) {
            (Self::Restart, _) if task => {
                Some("A task starts anew each time it runs; run it now instead")
            }
            (Self::Run, _) if !task => Some("Only scheduled tasks are run by hand"),
            (
                Self::Restart | Self::Run | Self::Suspend | Self::Undeploy,
                ReleaseState::Undeploy,
            ) => Some(NOTHING),
            (Self::Restart, ReleaseState::Suspend) => Some("It stands still; resume it first"),
            (Self::Restart | Self::Run, _) => unreleased,
            (Self::Suspend, ReleaseState::Suspend) => Some("It is suspended already"),
            (Self::Resume, ReleaseState::Active) => Some("It isn't suspended"),
            (Self::Suspend | Self::Resume | Self::Undeploy, _) => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How something stands in an environment, as far as actions ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What the component is.
    pub component_type: ComponentType,
    /// Whether an artifact is bound there.
    pub bound: bool,
    /// Whether there is a release.
    pub released: bool,
    /// Whether it should run.
    pub state: ReleaseState,
}

/// An action that was done: what was made of it, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acted {
    /// The id of the restart or run; empty for a state.
    pub id: String,
    /// What was done.
    pub action: Action,
    /// Where.
    pub environment: String,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// The Job's name on the plane, for a run.
    pub job: String,
}

/// A task that was run by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RunRow {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub at: Moment,
    /// By whom.
    pub by: String,
    /// The Job's name on the plane.
    pub job: String,
    /// Whether the plane has it.
    pub made: bool,
    /// Why it hasn't and won't; empty else.
    pub trouble: String,
}

/// Something that can be set in one environment, with what it is without that.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setting {
    /// The container; empty for the whole.
    pub container: String,
    /// What it is: `replicas`, `schedule`, `image`, `requests.cpu`, `env.NAME`, …
    pub key: String,
    /// What people call it.
    pub label: String,
    /// What the class says; empty when nothing.
    pub class: String,
    /// What the artifact says; empty when nothing.
    pub artifact: String,
    /// Who keeps it from being set here, in words; empty when nobody.
    pub locked: String,
}

impl Setting {
    /// What holds, with what is set in the environment.
    pub fn result<'a>(&'a self, here: &'a str) -> &'a str {
        [here, &self.artifact, &self.class]
            .into_iter()
            .find(|value| !value.is_empty())
            .unwrap_or_default()
    }
}

/// A component in one environment, as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BindingView {
    /// The environment.
    pub environment: EnvironmentName,
    /// The binding, which may not be there yet.
    pub identity: Identity,
    /// Its version; 0 when it isn't there yet.
    pub version: i64,
    /// Its manifest, or the one that would be made.
    pub manifest: serde_json::Value,
    /// The artifact that `settings` speak of.
    pub artifact: Option<i64>,
    /// The newest artifacts, newest first.
    pub artifacts: Vec<ArtifactRow>,
    /// The class that the artifact pins, with its version.
    pub class: Option<(Identity, i64)>,
    /// What can be set here.
    pub settings: Vec<Setting>,
    /// The newest runs by hand, newest first.
    pub runs: Vec<RunRow>,
}

/// What is done with many at once.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// See [`Action::Restart`].
    #[default]
    Restart,
    /// See [`Action::Suspend`].
    Suspend,
    /// See [`Action::Resume`].
    Resume,
    /// A new artifact with the newest version of its class.
    Class,
}

impl Deed {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Restart, Self::Suspend, Self::Resume, Self::Class];

    /// The word that forms send.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Class => "class",
        }
    }

    /// Reads what [`Deed::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// The words on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Restart => "Restart",
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::Class => "Take the newest class version",
        }
    }

    /// The action in each environment; none when it is about the component itself.
    pub fn action(self) -> Option<Action> {
        match self {
            Self::Restart => Some(Action::Restart),
            Self::Suspend => Some(Action::Suspend),
            Self::Resume => Some(Action::Resume),
            Self::Class => None,
        }
    }
}

/// What somebody wants done with many components of a project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bulk {
    /// What.
    pub deed: Deed,
    /// The components.
    pub components: Vec<String>,
    /// Only in this environment; everywhere when empty.
    #[serde(default)]
    pub environment: String,
}

/// What becomes of one of many.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRow {
    /// The component.
    pub component: String,
    /// The environment; the ones that a new artifact goes to, for a class.
    pub environment: String,
    /// Whether anything is done.
    pub does: bool,
    /// What, or why nothing is.
    pub says: String,
}

/// What becomes of many.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkView {
    /// One row each.
    pub rows: Vec<BulkRow>,
    /// Stands for the rows: who agrees sends it back.
    pub shown: String,
    /// Whether it was done.
    pub done: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(component_type: ComponentType, state: ReleaseState) -> Standing {
        Standing {
            component_type,
            bound: true,
            released: true,
            state,
        }
    }

    #[test]
    fn what_can_be_done_follows_from_how_it_stands() {
        use {Action as A, ComponentType as T, ReleaseState as S};
        let can = |component_type, state| -> Vec<Action> {
            let standing = standing(component_type, state);
            let fine = |action: &Action| action.objection(standing).is_none();
            A::ALL.into_iter().filter(fine).collect()
        };
        assert_eq!(
            can(T::Service, S::Active),
            [A::Restart, A::Suspend, A::Undeploy]
        );
        assert_eq!(can(T::Service, S::Suspend), [A::Resume, A::Undeploy]);
        assert_eq!(can(T::Service, S::Undeploy), [A::Resume]);
        assert_eq!(
            can(T::ScheduledTask, S::Active),
            [A::Run, A::Suspend, A::Undeploy]
        );
        assert_eq!(
            can(T::ScheduledTask, S::Suspend),
            [A::Run, A::Resume, A::Undeploy]
        );
        let nothing = Standing {
            bound: false,
            ..standing(T::Service, S::Active)
        };
        assert!(
            A::ALL
                .into_iter()
                .all(|action| action.objection(nothing).is_some())
        );
    }

    #[test]
    fn what_is_set_here_goes_before_the_artifact_and_that_before_the_class() {
        let mut setting = Setting {
            class: "1".into(),
            ..Setting::default()
        };
        assert_eq!(setting.result(""), "1");
        setting.artifact = "2".into();
        assert_eq!(setting.result(""), "2");
        assert_eq!(setting.result("3"), "3");
    }
}
