"""Answerbook without its screens: from a file's bytes to a cited answer."""

import os

# Before numpy is loaded. Products of a few hundred short rows are over before a second thread has begun; the threads of
# questions that are asked at once wait for each other there: a question costs half the processor time with one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
