# Guidance articles.
guidance-nav = Guidance
guidance-title = Guidance
guidance-find = Find by words of the article, its source or where it applies
guidance-find-do = Find
guidance-count = { $n ->
    [one] 1 article
   *[other] { $n } articles
}
guidance-more = { $shown } of { $n } are shown: write another word.
guidance-kept = Version { $version }; kept by: { $owner }; reviewed { $last }, again by { $next }
guidance-past = Past its review date, { $day }: read its source before you rely on it.
guidance-past-short = past its review date
guidance-nowhere = There is no such article: look for it in the list of guidance.
guidance-gone = Article { $id }
guidance-no-more = A policy took this article out. What it said, and who took it out, is in its history.
guidance-all = All guidance
guidance-source = Rests on
guidance-applies = Applies to
guidance-keeps = Kept
guidance-history = What each policy changed
guidance-no-history = No policy has changed it since this room was opened.
guidance-entered = Version { $version }: entered
guidance-changed = Version { $version }: changed
guidance-withdrawn = Taken out
guidance-by = policy { $policy }, { $by }, { $at }
guidance-here = Guidance that applies here
