// Paired rounds: two engines in turn, so that whatever else the machine does hits both.

/** The middle value; between two, their mean. */
export function median(values) {
  if (values.length === 0) throw new Error('no median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures `ours` and, if there is one, `peer` in `rounds` rounds; each goes first in every other
 * round. Ratios say how many times faster ours is.
 */
export async function pairedRounds({ ours, peer, rounds, warmUp, request, note = () => {} }) {
  let ids;
  const run = async (engine, measured) => {
    const result = await engine.measure({ ...measured, ids });
    ids ??= result.promptIds;
    delete result.promptIds;
    if (result.newTokens !== measured.count) throw new Error(`${result.newTokens} tokens came, not ${measured.count}`);
    return result;
  };
  // The first run compiles, and fills caches; ours comes first because it tells the prompt's tokens.
  await run(ours, { ...request, count: warmUp });
  if (peer) await run(peer, { ...request, count: warmUp });
  const done = [];
  for (let index = 0; index < rounds; index += 1) {
    const round = {};
    const order = [['ours', ours], ['peer', peer]].filter(([, engine]) => engine);
    if (index % 2) order.reverse();
    for (const [name, engine] of order) round[name] = await run(engine, request);
    if (peer) Object.assign(round, compare(round));
    note(index, round);
    done.push(round);
  }
  return { rounds: done, median: medians(done) };
}

function compare({ ours, peer }) {
  if (ours.promptTokens !== peer.promptTokens) {
    throw new Error(`the prompts differ: ours has ${ours.promptTokens} tokens, the peer's ${peer.promptTokens}`);
  }
  return {
    decodeRatio: ours.tokensPerSecond / peer.tokensPerSecond,
    prefillRatio: peer.prefillMs / ours.prefillMs,
  };
}

function medians(rounds) {
  const of = (pick) => median(rounds.map(pick));
  const speeds = (name) => ({
    tokensPerSecond: of((round) => round[name].tokensPerSecond),
    prefillMs: of((round) => round[name].prefillMs),
  });
  if (!rounds[0].peer) return { ours: speeds('ours') };
  return {
    ours: speeds('ours'),
    peer: speeds('peer'),
    decodeRatio: of((round) => round.decodeRatio),
    prefillRatio: of((round) => round.prefillRatio),
  };
}
