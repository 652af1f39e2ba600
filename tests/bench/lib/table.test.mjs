import assert from 'node:assert/strict';
import test from 'node:test';
import { table } from './table.mjs';

const speeds = (tokensPerSecond, prefillMs) => ({ tokensPerSecond, prefillMs });
const report = {
  date: '2026-01-02T03:04:05.000Z',
  machine: { cpu: 'A processor', cores: 2, system: 'Linux 6', load: 0.123 },
  browser: 'Chrome/1',
  adapter: 'CPU',
  packages: { peer: '1.2.3' },
  settings: { rounds: 5, tokens: 32 },
  results: [],
};
const round = { ours: { promptTokens: 61 } };

test('a row for each pair, with ratios and aims', () => {
  const median = { ours: speeds(30, 500), peer: speeds(10.04, 1600), decodeRatio: 2.988, prefillRatio: 3.2 };
  const result = { model: 'm', peer: 'p', where: 'browser', threads: 1, bars: { decode: 2 }, rounds: [round], median };
  const text = table({ ...report, results: [result] });
  assert.ok(text.includes('| m | p | browser, 1 thread | 30.0 / 10.0 | 2.99 × (≥ 2) | 500 / 1600 | 3.20 × |'), text);
  assert.match(text, /medians of 5 paired rounds/);
  assert.match(text, /A processor; 2 cores; Linux 6; Chrome\/1; adapter: CPU; peer 1\.2\.3\. Measured on 2026-01-02 at load 0\.1\./);
});

test('ours alone has no ratios', () => {
  const result = { model: 'm', peer: null, where: 'browser', threads: 1, bars: null, rounds: [round], median: { ours: speeds(30, 500) } };
  const text = table({ ...report, results: [result] });
  assert.ok(text.includes('| m | – | browser, 1 thread | 30.0 | – | 500 | – |'), text);
  assert.doesNotMatch(text, /paired/);
});
