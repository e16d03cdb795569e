"""Measures Presidio's pattern recognisers on the labelled texts, as scores.rs measures ours."""

import json
import sys
from collections import defaultdict

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

# The list of public suffixes that comes with it: nothing is fetched.
tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())

# The names on both sides: Presidio's entity, and our kind.
KINDS = {
    "CREDIT_CARD": "card",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "PHONE_NUMBER": "phone",
    "US_SSN": "ssn",
}


class Blank(NlpEngine):
    """Words and nothing else: no model, so that only patterns speak."""

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


def main(path):
    analyzer = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
    scores = defaultdict(lambda: [0, 0, 0, 0])
    with open(path, encoding="utf-8") as file:
        samples = json.load(file)
    for sample in samples:
        labels = [
            (KINDS[span["entity_type"]], span["start_position"], span["end_position"])
            for span in sample["spans"]
            if span["entity_type"] in KINDS
        ]
        results = analyzer.analyze(sample["full_text"], language="en", entities=list(KINDS))
        found = [(KINDS[one.entity_type], one.start, one.end) for one in results]
        meet = lambda a, b: a[0] == b[0] and a[1] < b[2] and b[1] < a[2]
        for label in labels:
            scores[label[0]][0] += 1
            scores[label[0]][1] += any(meet(label, one) for one in found)
        for one in found:
            scores[one[0]][2] += 1
            scores[one[0]][3] += any(meet(label, one) for label in labels)
    for kind in sorted(scores):
        print(kind, *scores[kind])


main(sys.argv[1])
