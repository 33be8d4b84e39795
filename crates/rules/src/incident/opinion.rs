//! Fact or opinion? Words that judge a person are pointed out to whoever writes them. It advises:
//! nothing is refused, and an informant's own words are theirs.
//!
//! Source: the Digital desk panel, case 4 (a pejorative remark on a log).

use crate::policy::Policy;

/// The words of a text that sound like an opinion, in the force's spelling, each once, in the order
/// of the force's list.
pub fn opinions(policy: &Policy, text: &str) -> Vec<String> {
    let text = plain(text);
    let found = policy.opinion.words.iter().filter(|word| {
        let word = plain(word);
        !word.trim().is_empty() && text.contains(&word)
    });
    found.cloned().collect()
}

/// Lower case, every run of anything else between words one space, and a space at each end, so that
/// only whole words are found.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty());
    words.fold(" ".to_owned(), |mut all, word| {
        all.extend(word.chars().flat_map(char::to_lowercase));
        all.push(' ');
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::rig::policy;

    fn found(text: &str) -> Vec<String> {
        let mut policy = policy();
        policy.opinion.words = vec!["disgusting".to_owned(), "time waster".to_owned()];
        opinions(&policy, text)
    }

    #[test]
    fn whole_words_are_found_however_they_are_written() {
        assert_eq!(found("The flat is DISGUSTING, he says"), ["disgusting"]);
        assert_eq!(found("a known time-waster; disgusting"), ["disgusting", "time waster"]);
        assert_eq!(found("overtime wasters and disgustingly"), [""; 0]);
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn the_shipped_policy_points_out_the_word_of_the_case() {
        assert_eq!(opinions(&policy(), "the state of it was disgusting"), ["disgusting"]);
        assert!(opinions(&policy(), "he had blood on his left hand").is_empty());
    }
}
