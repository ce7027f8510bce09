#!/usr/bin/env bash
# Answers to "have you taken your medicine?", as yes or no by @microsoft/recognizers-text-choice 1.3.1, in English and in Chinese.
#
# Guess before running: "not sure" is no answer and "I don't agree" a no, since "not ok" is known as a no; and in Chinese, which
#   has its own list, 没有 ("no, I have not"), the first answer that one hears, is a no.
# Seen: "I'm not sure", "I never said yes", "I can't say yes" and "I don't agree" are yes, and so is "I'm sure I didn't"; the score
#   of these is the same as that of "yes, but I fell" (0.5 to 0.6), so that no threshold tells them apart. "No problem" is no. In
#   Chinese 没有, 没吃, 还没, 不同意 and 不舒服 are nothing at all, while 对，没吃 ("right, I have not taken it") and
#   好，不用了 ("fine, no need") are yes.
# What it means: an answer of doubt is filed as "taken", a clear no is asked again until she hangs up. Such a list is for a reply
#   typed as one word; spoken answers need their own words, and everything with a negation in it a second question.
#   (microsoft/Recognizers-Text issues 737 and 1490.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @microsoft/recognizers-text-choice@1.3.1
cat > "$folder/answers.cjs" <<'NODE'
const assert = require('node:assert');
const { recognizeBoolean } = require('@microsoft/recognizers-text-choice');

const [YES, NO, NOTHING] = [true, false, undefined];
const EXPECTED = {
  'en-us': [
    ['yes', YES], ['nope', NO], ['I am not ok', NO],
    ["I'm not sure", YES], ['not sure', YES], ["I don't agree", YES], ['I never said yes', YES], ["I can't say yes", YES],
    ["I'm sure I didn't", YES], ['yes, but I fell', YES], ['no problem', NO],
  ],
  'zh-cn': [
    ['是的', YES], ['不是', NO], ['不好', NO],
    ['没有', NOTHING], ['没吃', NOTHING], ['还没', NOTHING], ['不同意', NOTHING], ['不舒服', NOTHING],
    ['对，没吃', YES], ['好，不用了', YES],
  ],
};
const scores = {};
for (const [culture, answers] of Object.entries(EXPECTED)) {
  for (const [answer, expected] of answers) {
    const [first] = recognizeBoolean(answer, culture);
    console.log(culture, answer, '=>', first ? `${first.resolution.value} (${first.resolution.score})` : 'nothing');
    assert.strictEqual(first?.resolution.value, expected, answer);
    scores[answer] = first?.resolution.score;
  }
}
assert.ok(scores['not sure'] >= scores['yes, but I fell'] && scores["I'm not sure"] >= scores['yes, but I fell'] - 0.05);
NODE
cd "$folder" && node answers.cjs
