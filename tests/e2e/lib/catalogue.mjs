// A catalogue of test models, served in place of the site's own.
import { createHash } from 'node:crypto';

/** Manifest of one model whose file is `bytes`. */
export function manifest({ id, bytes, context = 4096, mustAccept = false, sha256 }) {
  const name = `${id}.gguf`;
  return {
    id,
    name: { en: `Test model ${id}`, zh: `测试模型 ${id}` },
    summary: { en: 'A tiny model with random weights.', zh: '一个随机权重的微型模型。' },
    architecture: 'llama',
    parameters: 1_000_000,
    quantization: 'Q8_0',
    context,
    languages: ['en'],
    files: [
      {
        name,
        bytes: bytes.length,
        sha256: sha256 ?? createHash('sha256').update(bytes).digest('hex'),
        local: `weights/${name}`,
        hub: `https://models.invalid/${name}`,
        package: { requirements: ['none==0'], members: [name] },
      },
    ],
    licence: {
      name: { en: 'Apache License 2.0', zh: 'Apache 许可证 2.0' },
      url: 'https://www.apache.org/licenses/LICENSE-2.0',
      must_accept: mustAccept,
    },
    prompt: { en: 'the cat', zh: '猫' },
  };
}

/** Makes `server` offer these models (`{ id, bytes, … }`) and nothing else. */
export function serveCatalogue(server, models) {
  const manifests = models.map(manifest);
  server.files.set('/models/catalogue.json', JSON.stringify(manifests));
  models.forEach(({ bytes }, index) => server.files.set(`/${manifests[index].files[0].local}`, bytes));
  return manifests;
}
