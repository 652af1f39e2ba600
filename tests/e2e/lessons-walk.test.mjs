// Every lesson of both languages, from its first step to its last, on Sprout: each place that a step names is lit up, and
// each question can be graded.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { firstRun } from './lib/compare.mjs';
import { jump, lit, openLesson, openLessons, waitStep } from './lib/lessons.mjs';
import { hook } from './lib/page.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const options = { webgpu: 'none', page: { backend: 'cpu' } };
const folder = new URL('../../web/lessons/', import.meta.url);

const lessons = JSON.parse(await readFile(new URL('index.json', folder), 'utf8')).lessons.map(({ id }) => id);

/** What the steps of a lesson name and ask, as it is written: `{ scene, places, questions }`. */
async function written(language, id) {
  const text = await readFile(new URL(`${language}/${id}.md`, folder), 'utf8');
  const blocks = (step, name) => [...step.matchAll(new RegExp(`^\`\`\`${name}\\n([^]*?)^\`\`\``, 'gm'))].map(([, json]) => JSON.parse(json));
  return text.split(/^## /m).slice(1).map((step) => ({
    scene: blocks(step, 'scene')[0] ?? null,
    places: blocks(step, 'highlight').map(({ place }) => place),
    questions: blocks(step, 'question').map(({ answer }) => Object.keys(answer)[0]),
  }));
}

pageTest('every lesson, step by step', options, async ({ glassbox, step }) => {
  await firstRun(glassbox);
  await openLessons(glassbox);
  for (const language of ['en', 'zh']) {
    await step(`${language}: the language`, async () => {
      if ((await glassbox.data('language')).value !== language) await glassbox.click('language');
      await until('the language', async () => (await glassbox.data('language')).value === language);
    });
    for (const id of lessons) await step(`${language}: ${id}`, async () => walk(glassbox, id, await written(language, id)));
  }
  assert.deepEqual(glassbox.problems, []);
});

async function walk(glassbox, id, steps) {
  await openLesson(glassbox, id);
  const language = (await glassbox.data('language')).value;
  await until('the lesson in this language', async () => Number((await glassbox.data('lesson'))?.steps) === steps.length && (await shownIn(glassbox)) === language);
  for (const [at, { scene, places, questions }] of steps.entries()) {
    if (at > 0) await jump(glassbox, at);
    if (scene?.view?.page === 'lab') await measure(glassbox);
    if (places.length > 0) await allLit(glassbox, `${id}, step ${at}`);
    for (const [nth, kind] of questions.entries()) {
      const said = await answered(glassbox, nth, kind, `${language} ${id} ${at} ${nth}`);
      assert.ok(['right', 'nudge', 'reveal'].includes(said), `${id}, step ${at}, a question of the kind "${kind}": ${said}`);
    }
    if (scene) assert.equal(await glassbox.isVisible('off-course'), false, `${id}, step ${at}: the page is as the step set it`);
    assert.ok((await glassbox.messages()).every((message) => message.kind !== 'empty_prompt'), `${id}, step ${at}: nothing is complained of`);
    await glassbox.waitEnabled('step-next');
  }
  await glassbox.click('step-next');
  await until('the list', async () => (await glassbox.all('lesson-card')).find((card) => card.id === id)?.done === '');
}

const shownIn = (glassbox) => glassbox.page.evaluate((selector) => document.querySelector(selector)?.lang, hook('lesson'));

/** Runs the experiment that the step planned, unless one has been run before. */
async function measure(glassbox) {
  const planned = await until('the plan', async () => ((await glassbox.all('lab-planned')).length > 0 ? glassbox.all('lab-planned') : null));
  assert.deepEqual(planned.map(({ id }) => id), ['plain', 'few_shot_cot']);
  if ((await glassbox.data('lab-progress'))?.state === 'finished') return;
  await glassbox.click('lab-run');
  await until('the experiment', async () => (await glassbox.data('lab-progress'))?.state === 'finished');
}

/** Waits until something is drawn at each place that the page's own style sheet lights up. */
const allLit = (glassbox, where) =>
  until(`all that ${where} names to be there`, async () => {
    const selectors = await lit(glassbox);
    return (
      selectors !== null &&
      glassbox.page.evaluate((all) => all.split(', ').every((one) => [...document.querySelectorAll(one)].some((element) => element.getClientRects().length > 0)), selectors)
    );
  });

/**
 * Answers the `nth` question of the step with the first choice, or with a number, until it is graded. What was said to the
 * same question in the other language does not count; `mark` tells the questions apart, as one form may show several in turn.
 */
const answered = (glassbox, nth, kind, mark) =>
  until(`a question of the kind "${kind}" to be graded`, () =>
    glassbox.page.evaluate(
      (question, option, field, check, verdict, at, name) => {
        const form = document.querySelectorAll(question)[at];
        const { said } = form.querySelector(verdict).dataset;
        if (form.dataset.answered === name && said !== 'run-first') return said;
        const number = form.querySelector(field);
        if (number && number.value === '') {
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(number, '1');
          number.dispatchEvent(new InputEvent('input', { bubbles: true }));
        } else if (!number && !form.querySelector(`${option}:checked`)) {
          form.querySelector(option)?.click();
        }
        const button = form.querySelector(check);
        if (!button.disabled) {
          button.click();
          form.dataset.answered = name;
        }
        return null;
      },
      hook('question'),
      hook('question-option'),
      hook('question-number'),
      hook('check'),
      hook('verdict'),
      nth,
      mark,
    ),
  );
