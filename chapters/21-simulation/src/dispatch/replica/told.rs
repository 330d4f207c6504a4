//! A replica in words, for a trace.

use std::fmt;

use super::{Replica, Role};
use crate::dispatch::server::host;

impl Replica {
    /// Tells the trace what it is.
    pub(in crate::dispatch) fn tell(&self) {
        trace::host_is(format_args!("{self}"), self.leads());
    }
}

impl fmt::Display for Replica {
    /// Such as `leads, term 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.role {
            Role::Follower { leader: None } => write!(f, "knows no leader")?,
            Role::Follower {
                leader: Some(leader),
            } => write!(f, "follows {}", host(*leader))?,
            Role::Candidate { .. } => write!(f, "wants to lead")?,
            Role::Leader { .. } => write!(f, "leads")?,
        }
        write!(f, ", term {}", self.term())
    }
}
