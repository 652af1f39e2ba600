// A planned experiment in a link: every setting, in another browser, and what undo makes of it.
import assert from 'node:assert/strict';
import { firstRun } from './lib/compare.mjs';
import { hook } from './lib/page.mjs';
import { follow, inFreshBrowser, pack, shareLink, unpack } from './lib/share.mjs';
import { pageTest } from './lib/suite.mjs';
import { until } from './lib/wait.mjs';

const options = { webgpu: 'none', page: { backend: 'cpu' } };

const HOOKS = {
  planned: hook('lab-planned'),
  knob: hook('knob'),
  seat: hook('lab-plan-seat'),
  language: hook('lab-language'),
  figure: hook('lab-figure'),
  set: hook('lab-set'),
  rule: hook('lab-rule'),
  pattern: hook('lab-pattern'),
};

/** The planned experiment as the page shows it. */
const planShown = (glassbox) =>
  glassbox.page.evaluate((hooks) => {
    const all = (name, within = document) => [...within.querySelectorAll(hooks[name])];
    const checked = (name) => all(name).filter((box) => box.checked);
    return {
      techniques: all('planned').map((item) => [item.dataset.id, ...all('knob', item).map(({ dataset, value }) => `${dataset.knob} ${value}`)]),
      stages: checked('seat').map(({ dataset }) => `${dataset.model} ${dataset.stage}`),
      languages: checked('language').map(({ dataset }) => dataset.lang),
      figures: all('figure').map(({ dataset, value }) => `${dataset.figure} ${value}`),
      set: all('set')[0].value,
      rule: all('rule')[0].value,
      pattern: all('pattern')[0]?.value,
    };
  }, HOOKS);

/** Waits until the page shows this plan. */
async function samePlan(glassbox, plan) {
  let shown;
  try {
    await until('the same plan', async () => JSON.stringify((shown = await planShown(glassbox))) === JSON.stringify(plan), { deadline: 60_000 });
  } catch {
    assert.deepEqual(shown, plan);
  }
}

/** Types into a field that a selector finds, or moves a slider. What had the focus before loses it, which ends a step. */
const enter = (glassbox, selector, value) =>
  until(`${selector} to take ${value}`, () =>
    glassbox.page.evaluate(
      (wanted, text) => {
        const input = document.querySelector(wanted);
        if (!input) return false;
        input.focus();
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, text);
        input.dispatchEvent(new InputEvent('input', { bubbles: true }));
        input.dispatchEvent(new Event('change', { bubbles: true }));
        return true;
      },
      selector,
      value,
    ),
  );

/** Clicks the first element that a selector finds. */
const pressFirst = (glassbox, selector) =>
  until(`${selector} to be pressed`, () =>
    glassbox.page.evaluate((wanted) => {
      const element = document.querySelector(wanted);
      element?.focus();
      element?.click();
      return element !== null;
    }, selector),
  );

pageTest('a planned experiment travels whole, and every step of it is undone', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  await pressFirst(glassbox, `${hook('tab')}[data-tab="lab"]`);
  await glassbox.click('lab-measure');
  const knob = (id, name) => `${hook('lab-planned')}[data-id="${id}"] ${hook('knob')}[data-knob="${name}"]`;
  const figure = (name) => `${hook('lab-figure')}[data-figure="${name}"]`;
  const pattern = '(\\d+) bees';
  await pressFirst(glassbox, hook('lab-drop-technique'));
  await until('one technique', async () => (await glassbox.all('lab-planned')).length === 1);
  await glassbox.fill('lab-add-technique', 'self_consistency');
  await enter(glassbox, knob('few_shot_cot', 'shots'), '2');
  await enter(glassbox, knob('self_consistency', 'votes'), '9');
  await pressFirst(glassbox, `${hook('lab-plan-seat')}[data-stage="base"]`);
  await pressFirst(glassbox, `${hook('lab-language')}[data-lang="zh"]`);
  await pressFirst(glassbox, `${hook('lab-language')}[data-lang="en"]`);
  await glassbox.fill('lab-set', 'held-out-questions');
  await enter(glassbox, figure('max_tokens'), '48');
  await enter(glassbox, figure('temperature'), '0.7');
  await glassbox.fill('lab-rule', 'pattern');
  await glassbox.fill('lab-pattern', pattern);
  const planned = await planShown(glassbox);

  const made = await until('the link to know of it', async () => {
    const link = await shareLink(glassbox);
    return unpack(link.link).scene.view.pattern === pattern ? link : null;
  });
  await step('the link holds what is not as it was at first', () => {
    const { view } = unpack(made.link).scene;
    assert.deepEqual(view.plan, [{ id: 'few_shot_cot', shots: 2 }, { id: 'self_consistency', votes: 9 }]);
    assert.deepEqual(view.stages.map(({ model, stage }) => `${model} ${stage}`).sort(), ['sprout base', 'sprout sft']);
    assert.deepEqual([view.set, view.set_model, view.languages], ['held-out-questions', 'sprout', ['zh']]);
    assert.deepEqual([view.max_tokens, view.temperature, view.rule], [48, 0.7, 'pattern']);
    assert.equal(view.batch, undefined);
    assert.equal(made.size, 'short');
  });

  await step('another browser has the same plan', () =>
    inFreshBrowser(server, { fragment: made.fragment }, async (fresh) => {
      await fresh.waitEvent('loaded', 0);
      await samePlan(fresh, planned);
    }));

  await step('what is not here is left out', async () => {
    const { scene } = unpack(made.link);
    scene.view.plan.push({ id: 'telepathy' });
    scene.view.plan[1].votes = 64;
    scene.view.stages.push({ model: 'somebody.gguf', stage: 'model' });
    await follow(glassbox, pack({ scene }));
    const votes = planned.techniques.map(([id, ...own]) => [id, ...own.map((set) => set.replace('votes 9', 'votes 64'))]);
    await samePlan(glassbox, { ...planned, techniques: votes });
  });

  await step('an undo brings back the plan before, and leads out of the lab', async () => {
    const before = await planShown(glassbox);
    await glassbox.fill('lab-rule', 'number');
    await until('the other rule', async () => (await planShown(glassbox)).rule === 'number');
    await glassbox.click('undo');
    await samePlan(glassbox, before);
    await until('the columns', async () => {
      if (await glassbox.isVisible('prompt')) return true;
      await glassbox.click('undo');
      return false;
    }, { deadline: 60_000 });
  });
});

pageTest('what is built travels with every setting of its technique, and is undone', options, async ({ glassbox, server, step }) => {
  await firstRun(glassbox);
  await pressFirst(glassbox, `${hook('tab')}[data-tab="lab"]`);
  const build = (page) =>
    page.page.evaluate(
      ([technique, knob, most]) => [
        document.querySelector(`${technique}[aria-pressed="true"], ${technique}:checked`)?.dataset.id,
        ...[...document.querySelectorAll(knob)].map(({ dataset, value }) => `${dataset.knob} ${value}`),
        document.querySelector(most)?.value,
      ],
      [hook('lab-technique'), hook('knob'), hook('lab-max-tokens')],
    );
  const shows = (page, wanted) => until(wanted.join(', '), async () => JSON.stringify(await build(page)) === JSON.stringify(wanted), { deadline: 60_000 });
  await pressFirst(glassbox, `${hook('lab-technique')}[data-id="tree"]`);
  await enter(glassbox, `${hook('knob')}[data-knob="depth"]`, '3');
  await enter(glassbox, `${hook('knob')}[data-knob="temperature"]`, '1.2');
  await glassbox.fill('lab-max-tokens', '33');
  const wanted = ['tree', 'breadth 2', 'proposals 2', 'depth 3', 'temperature 1.2', '33'];
  await shows(glassbox, wanted);
  const made = await until('the link to know of it', async () => {
    const link = await shareLink(glassbox);
    return unpack(link.link).scene.view.shown_max_tokens === 33 ? link : null;
  });
  await step('the link holds what is not as it was offered', () => {
    assert.deepEqual(unpack(made.link).scene.view.shown, { id: 'tree', depth: 3, temperature: 1.2, labels: true });
  });
  await step('another browser has the same technique', () =>
    inFreshBrowser(server, { fragment: made.fragment }, async (fresh) => {
      await fresh.waitEvent('loaded', 0);
      await shows(fresh, wanted);
    }));
  await step('undo turns it back, a step at a time', async () => {
    await glassbox.click('undo');
    await shows(glassbox, [...wanted.slice(0, -1), '96']);
    await glassbox.click('undo');
    await shows(glassbox, ['tree', 'breadth 2', 'proposals 2', 'depth 3', 'temperature 0.7', '96']);
  });
});
