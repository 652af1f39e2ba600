import assert from 'node:assert/strict';
import test from 'node:test';
import { median, pairedRounds } from './rounds.mjs';

// Answers with speeds from a list, and keeps what it was asked.
function engine(speeds, { promptTokens = 61, promptIds } = {}) {
  const asked = [];
  const measure = async (request) => {
    asked.push(request);
    const speed = speeds[asked.length - 1] ?? speeds.at(-1);
    return { promptTokens, newTokens: request.count, tokensPerSecond: speed, prefillMs: 1000 / speed, promptIds };
  };
  return { asked, measure };
}

const request = { prompt: 'p', count: 8 };

test('the median is the middle value, or between the middle two', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.throws(() => median([]));
});

test('ratios are those of each round, and the first run does not count', async () => {
  const ours = engine([1000, 10, 20, 40], { promptIds: [5] });
  const peer = engine([1000, 10, 10, 10]);
  const { rounds, median: medians } = await pairedRounds({ ours, peer, rounds: 3, warmUp: 2, request });
  assert.deepEqual(rounds.map(({ decodeRatio }) => decodeRatio), [1, 2, 4]);
  assert.equal(medians.decodeRatio, 2);
  assert.equal(medians.prefillRatio, 2);
  assert.equal(medians.ours.tokensPerSecond, 20);
  assert.deepEqual(ours.asked.map(({ count }) => count), [2, 8, 8, 8]);
  assert.deepEqual(peer.asked.at(-1).ids, [5], "the peer gets our prompt's tokens");
});

test('without a peer there are no ratios', async () => {
  const { median: medians } = await pairedRounds({ ours: engine([10]), rounds: 2, warmUp: 1, request });
  assert.deepEqual(medians, { ours: { tokensPerSecond: 10, prefillMs: 100 } });
});

test('another prompt or too few tokens are an error', async () => {
  const other = engine([10], { promptTokens: 60 });
  await assert.rejects(pairedRounds({ ours: engine([10]), peer: other, rounds: 1, warmUp: 1, request }), /61 tokens, the peer's 60/);
  const short = { measure: async () => ({ promptTokens: 61, newTokens: 3, tokensPerSecond: 1, prefillMs: 1 }) };
  await assert.rejects(pairedRounds({ ours: short, rounds: 1, warmUp: 1, request }), /3 tokens came, not 1/);
});
