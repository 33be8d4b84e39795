//! The Merkle tree of RFC 6962 over the records' hashes, kept as its frontier only.

use sha2::{Digest, Sha256};

/// The roots of the whole subtrees a tree is made of, largest first: enough to add a leaf and
/// to tell the root, so a start need not read the journal again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Frontier {
    size: u64,
    roots: Vec<[u8; 32]>,
}

impl Frontier {
    /// Reads a stored frontier; `None` when it is not one of a tree of this size.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Self> {
        let (roots, rest) = bytes.as_chunks::<32>();
        let fits = rest.is_empty() && roots.len() == size.count_ones() as usize;
        fits.then(|| Self { size, roots: roots.to_vec() })
    }

    /// The form in which it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.roots.concat()
    }

    /// Adds the next leaf: a record's hash.
    pub fn push(&mut self, record_hash: &[u8; 32]) {
        let mut root: [u8; 32] =
            Sha256::new().chain_update([0]).chain_update(record_hash).finalize().into();
        // Each 1 at the low end of the size is a whole subtree as large as `root` has become.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                root = node(&left, &root);
            }
        }
        self.roots.push(root);
        self.size += 1;
    }

    /// The root: "MTH" of RFC 6962, section 2.1.
    pub fn root(&self) -> [u8; 32] {
        let mut roots = self.roots.iter().rev();
        let Some(smallest) = roots.next() else { return Sha256::digest([]).into() };
        roots.fold(*smallest, |right, left| node(left, &right))
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn the_root_is_that_of_an_independent_tree_at_every_size() {
        let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        let mut ours = Frontier::default();
        for n in 0..=300_u64 {
            assert_eq!(ours.root().as_slice(), theirs.root().as_bytes().as_slice(), "size {n}");
            let stored = Frontier::from_bytes(n, &ours.to_bytes());
            assert_eq!(stored.as_ref(), Some(&ours), "size {n} stored and read again");
            assert_eq!(Frontier::from_bytes(n + 1, &ours.to_bytes()).is_some(), {
                (n + 1).count_ones() == n.count_ones()
            });
            let leaf: [u8; 32] = Sha256::digest(n.to_be_bytes()).into();
            ours.push(&leaf);
            theirs.push(leaf.to_vec());
        }
    }

    #[test]
    fn the_empty_tree_has_the_hash_of_nothing() {
        assert_eq!(
            crate::fault::hex(&Frontier::default().root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
