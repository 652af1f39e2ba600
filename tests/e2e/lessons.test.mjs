// Lessons beside the live page: walked to the end in both languages, graded against the run that is on the page.
import assert from 'node:assert/strict';
import { columns, firstRun, inColumn, waitColumns } from './lib/compare.mjs';
import { answer, jump, lit, offered, openLesson, openLessons, waitStep } from './lib/lessons.mjs';
import { hook } from './lib/page.mjs';
import { unpack } from './lib/share.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const options = { webgpu: 'none', page: { backend: 'cpu' } };
const PROMPT = { en: 'A banana is', zh: '香蕉是' };

pageTest('a lesson from its first step to its last', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await openLessons(glassbox);
  await until('the list', async () => (await glassbox.all('lesson-card')).length >= 8);
  for (const language of ['en', 'zh']) {
    await step(language, async () => {
      if ((await glassbox.data('language')).value !== language) {
        if (await glassbox.isVisible('all-lessons')) await glassbox.click('all-lessons');
        await glassbox.click('language');
      }
      await glassbox.waitEnabled('run');
      await walk(glassbox, language);
    });
  }
  await step('what was gone through is remembered', async () => {
    await glassbox.reload();
    await firstRun(glassbox);
    await openLessons(glassbox);
    await until('the mark', async () => (await glassbox.all('lesson-card')).find(({ id }) => id === 'word-chain')?.done === '');
  });
});

async function walk(glassbox, language) {
  const opened = await openLesson(glassbox, 'word-chain');
  const lesson = await waitStep(glassbox, 0, 'word-chain');
  const steps = Number(lesson.steps);
  assert.ok(steps >= 5, `${steps} steps`);
  let drawn = await waitColumns(glassbox, opened);
  assert.equal(drawn.length, 1);
  assert.equal(await promptText(glassbox), PROMPT[language]);
  assert.match(await lit(glassbox), /data-column="0"\].*alternatives/);
  assert.equal(await outline(glassbox, 'alternatives'), '3px');

  // The first question is about the run: the grader knows what stands on this page, and nothing else.
  const first = await firstAlternative(glassbox);
  const wrong = (await offered(glassbox)).find((text) => text.trim() !== first);
  assert.equal(await isEnabled(glassbox, 'step-next'), false, 'first an answer');
  assert.equal(await answer(glassbox, wrong), 'nudge');
  assert.equal(await isEnabled(glassbox, 'step-next'), true, 'one attempt is enough');
  const right = (await offered(glassbox)).find((text) => text.trim() === first);
  assert.equal(await answer(glassbox, right), 'right');

  for (let at = 1; at < steps; at += 1) {
    const mark = await glassbox.mark();
    await glassbox.click('step-next');
    await waitStep(glassbox, at);
    drawn = await waitColumns(glassbox, mark);
    assert.ok(drawn.every(({ text }) => text !== ''), `step ${at} has run`);
    assert.equal(await answer(glassbox, await known(glassbox, at, mark)), 'right', `step ${at}`);
    await glassbox.waitEnabled('step-next');
  }
  assert.equal((await glassbox.data('step-next')).last, '');
  await glassbox.click('step-next');
  await until('the list', async () => (await glassbox.all('lesson-card')).find(({ id }) => id === 'word-chain')?.done === '');
}

/** What is right in a step of the lesson: a number of this run, what follows by counting, or the second choice. */
async function known(glassbox, at, mark) {
  const options = await offered(glassbox);
  if (options.length > 0) return options[1];
  if (at === 2) return 13;
  const token = (await glassbox.eventsSince(mark)).find(({ type }) => type === 'token');
  return Number((token.report.entropy / Math.LN2).toFixed(1));
}

pageTest('free play beside a lesson', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await waitColumns(glassbox, await openLesson(glassbox, 'word-chain'));

  await step('the reader goes another way and comes back', async () => {
    assert.equal(await glassbox.isVisible('off-course'), false);
    await glassbox.fill('prompt', 'My own words');
    await until('the way back', () => glassbox.isVisible('off-course'));
    const drawn = await waitColumns(glassbox, await glassbox.startRun());
    assert.notEqual(drawn[0].text, '');
    const mark = await glassbox.mark();
    await glassbox.click('set-again');
    await waitColumns(glassbox, mark);
    assert.equal(await promptText(glassbox), PROMPT.en);
    await until('no way back', async () => !(await glassbox.isVisible('off-course')));
  });

  await step('a question can be skipped, and steps are free', async () => {
    await glassbox.click('step-skip');
    await waitStep(glassbox, 1);
    await jump(glassbox, 4);
    await glassbox.click('step-back');
    await waitStep(glassbox, 3);
  });

  await step('the other language keeps the step and sets its own scene', async () => {
    await glassbox.waitEnabled('run');
    await waitColumns(glassbox, await jump(glassbox, 0));
    const mark = await glassbox.mark();
    await glassbox.click('language');
    await waitColumns(glassbox, mark);
    assert.equal(await promptText(glassbox), PROMPT.zh);
    const lesson = await glassbox.page.evaluate((selector) => document.querySelector(selector).lang, hook('lesson'));
    assert.equal(lesson, 'zh');
    await glassbox.click('language');
    await until('English', async () => (await promptText(glassbox)) === PROMPT.en);
  });

  await step('a presenter turns the steps with keys', async () => {
    await waitColumns(glassbox, await jump(glassbox, 0));
    await glassbox.click('present');
    await glassbox.page.keyboard.press('PageDown');
    await waitStep(glassbox, 1);
    await glassbox.page.keyboard.press('ArrowRight');
    await waitStep(glassbox, 2);
    await glassbox.page.keyboard.press('PageUp');
    await waitStep(glassbox, 1);
    await glassbox.click('leave-presenter');
  });

  await step('a link to the lesson holds all of it', async () => {
    await glassbox.click('copy-lesson');
    const link = await until('the link', async () => (await glassbox.data('copy-lesson'))?.url || null);
    const { lesson } = unpack(link);
    assert.deepEqual([lesson.id, lesson.language], ['word-chain', 'en']);
    assert.match(lesson.markdown, /^# /);
  });

  await step('closed, nothing is lit up and the page is as before', async () => {
    assert.notEqual(await lit(glassbox), null);
    await glassbox.click('close-lessons');
    await until('no light', async () => (await lit(glassbox)) === null);
    assert.equal(await glassbox.isVisible('lessons-panel'), false);
  });
  assert.deepEqual(glassbox.problems, []);
});

pageTest('a question is about the run that is on the page', options, async ({ glassbox }) => {
  await firstRun(glassbox);
  await waitColumns(glassbox, await openLesson(glassbox, 'word-chain'));
  await waitColumns(glassbox, await jump(glassbox, 3));
  // Another run of the reader's own: the same question is now about that one.
  await glassbox.fill('prompt', 'Bees make');
  const mark = await glassbox.startRun();
  await waitColumns(glassbox, mark);
  const token = (await glassbox.eventsSince(mark)).find(({ type }) => type === 'token');
  const bits = token.report.entropy / Math.LN2;
  assert.equal(await answer(glassbox, Number((bits + 3).toFixed(1))), 'nudge');
  assert.equal(await answer(glassbox, Number(bits.toFixed(1))), 'right');
});

pageTest('widgets', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);

  await step('the query of a soft look-up is moved with keys and dragged', async () => {
    await openLesson(glassbox, 'attention');
    const looked = async () => Number((await glassbox.data('lookup-answer')).answer);
    assert.ok(Math.abs((await looked()) - 65) < 0.01, 'a narrow look-up at 170');
    await glassbox.page.focus(hook('lookup-query'));
    for (let press = 0; press < 10; press += 1) await glassbox.page.keyboard.press('ArrowRight');
    await until('the answer at 180', async () => Math.abs((await looked()) - 74) < 0.01);
    const weights = (await glassbox.all('lookup-row')).map(({ weight }) => Number(weight));
    assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9, `${weights}`);
    assert.equal(await answer(glassbox, 74), 'right');

    const chart = await glassbox.page.$(hook('lookup-chart'));
    await chart.scrollIntoView();
    const box = await chart.boundingBox();
    const y = box.y + box.height / 2;
    await glassbox.page.mouse.move(box.x + box.width / 2, y);
    await glassbox.page.mouse.down();
    await glassbox.page.mouse.move(box.x + box.width - 1, y, { steps: 5 });
    await glassbox.page.mouse.up();
    await until('the answer at the right end', async () => Math.abs((await looked()) - 84) < 0.5);
  });

  await step('the data that made the stages can be searched', async () => {
    await openLesson(glassbox, 'stages');
    for (const [at, words] of [[1, /Beijing/], [2, /car/i], [4, /points/]]) {
      await jump(glassbox, at);
      const data = await until('the data', async () => ((await glassbox.data('lesson-data'))?.total > 0 ? glassbox.data('lesson-data') : null));
      const entries = await glassbox.all('data-entry');
      assert.ok(entries.length > 0 && entries.length <= Number(data.total));
      assert.match(entries[0].textContent, words);
    }
    await glassbox.fill('data-search', 'zzzz nothing has this');
    await until('nothing', async () => (await glassbox.data('lesson-data')).total === '0');
    assert.equal((await glassbox.all('data-entry')).length, 0);
  });
  assert.deepEqual(glassbox.problems, []);
});

// Set before the page opens: what the service worker keeps is what the build made, and then never this.
const breakLesson = (server) => void server.files.set('/lessons/en/chance.md', '# No step\n\nOnly an introduction.\n');

pageTest('a lesson that cannot be read', { ...options, prepare: breakLesson }, async ({ glassbox, server }) => {
  await firstRun(glassbox);
  await openLessons(glassbox);
  await until('the list', async () => (await glassbox.all('lesson-card')).length >= 8);
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), `${hook('lesson-card')}[data-id="chance"]`);
  await until('a plain message', () => glassbox.isVisible('read-lesson-again'));
  server.files.delete('/lessons/en/chance.md');
  await glassbox.click('read-lesson-again');
  await waitStep(glassbox, 0, 'chance');
  const drawn = await until('its run', async () => {
    const now = await columns(glassbox);
    return now.every(({ state }) => state === 'finished') ? now : null;
  });
  assert.ok(drawn.length > 0);
});

const promptText = (glassbox) => glassbox.page.evaluate((selector) => document.querySelector(selector).value, hook('prompt'));

const isEnabled = (glassbox, id) => glassbox.page.evaluate((selector) => !document.querySelector(selector).disabled, hook(id));

const outline = (glassbox, id) => glassbox.page.evaluate((selector) => getComputedStyle(document.querySelector(selector)).outlineWidth, hook(id));

/** The text of the most likely token at the place that is shown, without the spaces around it. */
async function firstAlternative(glassbox) {
  const [first] = await inColumn(glassbox, 0, 'alternative');
  const token = await glassbox.page.evaluate((selector) => document.querySelector(selector).textContent, `${hook('alternative')} .bar-token`);
  assert.ok(first.textContent.startsWith(token));
  return token.trim();
}
