//! Deadlines as floating-point seconds, as asyncio keeps them: a heap needs a total order.

#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub deadline: f64,
    pub taxi: u32,
}
