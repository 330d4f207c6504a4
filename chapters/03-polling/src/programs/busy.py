"""The busy loop: how often it asks while it waits, and what becomes of everybody else."""


# ANCHOR: main
class Telephone:
    """Rings when it has been asked `questions` times in vain."""

    def __init__(self, questions):
        self.questions = questions

    def __await__(self):
        while self.questions > 0:
            self.questions -= 1
            yield
        return "a passenger"


async def wait_for(telephone):
    return await telephone


async def read_letter():
    return "a letter, there from the start"


def spin_on(coroutine):
    polls = 0
    while True:
        polls += 1
        try:
            coroutine.send(None)
        except StopIteration as end:
            return end.value, polls
# ANCHOR_END: main


total = 0
for questions in (0, 10, 1_000_000):
    output, polls = spin_on(wait_for(Telephone(questions)))
    total += polls
    print(f"{output}, after {polls:7} polls")
output, _ = spin_on(read_letter())
print(f"{output}: read after {total} other polls")
