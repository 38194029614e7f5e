"""duibiao 对标: plans of Chinese governments in, rows of commitments with their evidence out.

The house, from the bottom up; imports go downward only:

    model · errors · messages   types; exceptions with exit code and advice; what is said to users in both languages
    text                        folding, white space, Chinese numerals
    lexicons                    find, load, look up; patterns with their examples
    lexicon_check               the linter behind `duibiao lexicon check`, kept out of what every command loads
    gazetteer                   places: homonyms, former names, lineage; used by parse and extract alike
    parse | segment             bytes → Document; tokens, sentences, clauses
    extract                     Document → Extraction; spaCy ends here
    store → compare             SQLite; questions over the database alone
    run | web | export          one orchestrator; the browser; a writer per format
    cli                         the commands
"""

__version__ = "0.1.0"
