import { useEffect, useRef } from 'react';
import SwaggerUIBundle from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import { idToken } from '../../auth/session.ts';
import { useText } from '../../i18n/text.ts';
import { Page } from '../../ui/page.tsx';
import './api-docs.css';

/** The API document, to read and to try: calls are made as whoever is signed in here. */
export default function ApiDocs() {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    SwaggerUIBundle({
      domNode: box.current,
      url: '/api/openapi.json',
      deepLinking: false,
      tryItOutEnabled: true,
      requestInterceptor: async (request) => {
        const token = await idToken(false);
        if (token !== null) request.headers['Authorization'] ??= `Bearer ${token}`;
        return request;
      },
    });
  }, []);
  return (
    <Page title={t('apiDocs.title')} intro={t('apiDocs.intro')}>
      <div className="api-docs" lang="en" ref={box} />
    </Page>
  );
}
