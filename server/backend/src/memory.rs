//! What rooms cache in memory for the whole process, such as the roll: one value per type. This module
//! depends on none of the types.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of each type that was asked for.
#[derive(Default)]
pub struct Memory {
    values: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
}

impl Memory {
    /// Returns the value of this type, created on first use.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let value = values.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())).clone();
        drop(values);
        // What is stored under a type has that type.
        value.downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    #[test]
    fn each_type_has_one_value_that_everybody_shares() {
        let memory = Memory::default();
        memory.of::<AtomicU8>().store(7, Ordering::Relaxed);
        assert_eq!(memory.of::<AtomicU8>().load(Ordering::Relaxed), 7);
        assert_eq!(*memory.of::<u8>(), 0);
    }
}
