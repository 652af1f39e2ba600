// Lessons: what a test of them does, through the page's hooks.
import { hook } from './page.mjs';
import { until } from './wait.mjs';

/** Opens the panel of lessons, unless it is open. */
export async function openLessons(glassbox) {
  if (!(await glassbox.isVisible('lessons-panel'))) await glassbox.click('lessons');
  await until('the panel of lessons', () => glassbox.isVisible('lessons-panel'));
}

/** Opens a lesson from the list at its first step; returns the mark from which its run's events count. */
export async function openLesson(glassbox, id) {
  await openLessons(glassbox);
  if (await glassbox.isVisible('all-lessons')) await glassbox.click('all-lessons');
  const card = `${hook('lesson-card')}[data-id="${id}"]`;
  await until(`the card of ${id}`, () => glassbox.page.$(card));
  const mark = await glassbox.mark();
  await glassbox.page.evaluate((selector) => document.querySelector(selector).click(), card);
  await waitStep(glassbox, 0, id);
  return mark;
}

/** Waits until a step is shown; returns the lesson's `data-*`. */
export const waitStep = (glassbox, step, id) =>
  until(`step ${step}`, async () => {
    const lesson = await glassbox.data('lesson');
    return lesson?.step === String(step) && (id === undefined || lesson.id === id) ? lesson : null;
  });

/** Goes to a step by its dot; returns a mark taken before. */
export async function jump(glassbox, step) {
  const mark = await glassbox.mark();
  await glassbox.page.evaluate((selector, at) => document.querySelectorAll(selector)[at].click(), hook('step-dot'), step);
  await waitStep(glassbox, step);
  return mark;
}

/** What the step's question offers: texts to choose from; none for a number. */
export const offered = async (glassbox) => (await glassbox.all('question-option')).map(({ value }) => value);

/** Answers the step's question, with a number or one of what it offers; returns what is said: `right`, `nudge` … */
export async function answer(glassbox, value) {
  if (typeof value === 'number') {
    await glassbox.fill('question-number', value);
  } else {
    await until(`"${value}" among what is offered`, () =>
      glassbox.page.evaluate(
        (selector, wanted) => {
          const input = [...document.querySelectorAll(selector)].find((option) => option.dataset.value === wanted);
          input?.click();
          return Boolean(input);
        },
        hook('question-option'),
        value,
      ),
    );
  }
  await glassbox.click('check');
  return until('a verdict', async () => (await glassbox.data('verdict'))?.said);
}

/** The selector of what is lit up, as the page's own style sheet has it. */
export const lit = (glassbox) =>
  glassbox.page.evaluate(() => document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.selectorText)[0] ?? null);
