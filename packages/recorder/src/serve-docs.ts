import { recorderOpenApi } from '@dispatchr/contract';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Serves the specification as a page for people at /docs; everything it needs comes from this server. */
export async function serveDocs(instance: FastifyInstance): Promise<void> {
  const servers = [{ url: instance.prefix || '/' }];
  await instance.register(async (docs) => {
    await docs.register(swagger, {
      mode: 'static',
      specification: { document: { ...recorderOpenApi, servers } as never },
    });
    await docs.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  });
}
