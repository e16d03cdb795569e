"""Times Presidio's pattern recognisers on the rows at standard input: no model, patterns only."""

import json
import sys
import time
from importlib.metadata import version

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

# The list of public suffixes that comes with it: nothing is fetched.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())


class Blank(NlpEngine):
    """Words and nothing else, so that only patterns speak."""

    def __init__(self):
        self.nlp = spacy.blank("en")

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        doc = self.nlp(text)
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.text.lower() for token in doc],
            nlp_engine=self,
            language=language,
        )

    def process_batch(self, texts, language, **_):
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word, language):
        return self.nlp.vocab[word].is_stop

    def is_punct(self, word, language):
        return self.nlp.vocab[word].is_punct

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def main():
    analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
    text = sys.stdin.read()
    rows = text.splitlines()
    cells = [cell for row in rows for cell in row.split("\t")]

    def seconds(texts):
        analyzer.analyze(texts[0], language="en")
        began = time.process_time()
        for one in texts:
            analyzer.analyze(one, language="en")
        return time.process_time() - began

    told = {
        "version": version("presidio-analyzer"),
        "bytes": len(text.encode()),
        "rows_s": seconds(rows),
        "cells": len(cells),
        "cells_s": seconds(cells),
    }
    json.dump(told, sys.stdout)


main()
