//! The memory that argon2 works in.
//!
//! Memory that comes from the system anew for each hash costs a page fault for each of its
//! pages, a quarter of the time of a whole hash. So it is kept from one hash to the next.
//!
//! What a hash leaves behind is a secret: whoever reads it can try passwords at the cost of
//! a fast hash, not of argon2. The next hash overwrites it, and [`Memory::wipe`] is for when
//! there is none.

use argon2::Block;

use super::cost::Cost;

/// Memory for hashes, one at a time.
pub struct Memory {
    blocks: Vec<Block>,
    /// No more blocks than these are kept.
    most: usize,
}

impl Memory {
    /// Makes a memory that is taken from the system with the first hash, and kept after
    /// it. A hash that needs more than one of `cost` does takes its own, and keeps nothing.
    #[must_use]
    pub const fn new(cost: Cost) -> Self {
        Self { blocks: Vec::new(), most: cost.memory_kib as usize }
    }

    /// Overwrites what hashes have left behind.
    pub fn wipe(&mut self) {
        self.blocks.fill(Block::new());
    }

    /// Returns `true` if nothing of a hash is left.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.blocks.iter().all(|block| block.as_ref().iter().all(|word| *word == 0))
    }

    /// Does the work on so many blocks; `None` if the machine has not the memory.
    pub(super) fn with<T>(&mut self, count: usize, work: impl FnOnce(&mut [Block]) -> T) -> Option<T> {
        if count > self.most {
            let mut own = Vec::new();
            grow(&mut own, count)?;
            return Some(work(&mut own));
        }
        grow(&mut self.blocks, count)?;
        self.blocks.get_mut(..count).map(work)
    }
}

fn grow(blocks: &mut Vec<Block>, count: usize) -> Option<()> {
    if blocks.len() < count {
        blocks.try_reserve_exact(count.saturating_sub(blocks.len())).ok()?;
        blocks.resize(count, Block::new());
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::{StoredHash, hash};
    use super::*;

    const SMALL: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    #[test]
    fn hash_is_the_same_in_a_used_memory() {
        let mut memory = Memory::new(SMALL);
        let first = hash("correct horse", SMALL, [7; 16], &mut memory).unwrap();
        hash("battery staple", SMALL, [8; 16], &mut memory).unwrap();
        hash("less", Cost { memory_kib: 8, ..SMALL }, [9; 16], &mut memory).unwrap();
        assert_eq!(hash("correct horse", SMALL, [7; 16], &mut memory).unwrap(), first);
        assert!(StoredHash::from_text(&first).unwrap().matches("correct horse", &mut Memory::new(SMALL)));
    }

    #[test]
    fn memory_is_kept_up_to_its_bound_and_wiped() {
        let mut memory = Memory::new(SMALL);
        hash("correct horse", Cost { memory_kib: 68, ..SMALL }, [7; 16], &mut memory).unwrap();
        assert!(memory.blocks.is_empty(), "a costly hash keeps nothing");
        hash("correct horse", SMALL, [7; 16], &mut memory).unwrap();
        let place = memory.blocks.as_ptr();
        hash("correct horse", SMALL, [7; 16], &mut memory).unwrap();
        assert_eq!((memory.blocks.len(), memory.blocks.as_ptr()), (64, place));
        assert!(!memory.is_blank());
        memory.wipe();
        assert!(memory.is_blank());
    }
}
