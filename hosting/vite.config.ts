import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { buildPage } from '../verifier/build.ts';

/** Where the catalogue pages look for their sheet (functions/src/public/pages/layout.ts). */
const catalogSheet = 'catalog-assets/catalog.css';

/**
 * Builds the web app to hosting/dist. There is no build-time environment: one artefact serves every stage, and what
 * differs between stages is fetched from /config.json at start.
 */
export default defineConfig({
  // The API browser is one large file that only its own room loads; nothing else comes near this limit.
  build: {
    target: 'es2022',
    sourcemap: true,
    chunkSizeWarningLimit: 1600,
    rollupOptions: {
      // The second entry is the sheet of the catalogue pages, which functions draw: they know it by its name.
      input: { app: 'index.html', catalog: 'src/catalog-pages.css' },
      output: {
        assetFileNames: ({ names }) => (names.includes('catalog.css') ? catalogSheet : 'assets/[name]-[hash][extname]'),
      },
    },
  },
  plugins: [
    react(),
    {
      // The verifier is a page of its own, which needs nothing of the app and is saved by whoever does not want to need us.
      name: 'verifier',
      async generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'verify/index.html', source: await buildPage() });
      },
    },
    VitePWA({
      // A new version waits until the member says so: an old tab keeps the files that it was started with.
      registerType: 'prompt',
      injectRegister: false,
      includeAssets: ['icons/icon.svg', 'icons/icon-180.png', 'theme.js'],
      manifest: {
        id: '/',
        name: 'DOTM',
        short_name: 'DOTM',
        description: 'Global eSIM. Connected, or refunded.',
        start_url: '/esim',
        display: 'standalone',
        background_color: '#f6f5f1',
        theme_color: '#1f35d6',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,woff2}'],
        // The API browser is a megabyte that no traveller needs on the road.
        globIgnores: ['**/swagger-*', '**/api-docs-*', 'verify/**'],
        navigateFallback: '/index.html',
        // These are answered by functions or by Firebase itself, never by the shell.
        navigateFallbackDenylist: [
          /^\/api\//,
          /^\/catalog(\/|$|\?)/,
          /^\/webhooks\//,
          /^\/verify(\/|$|\?)/,
          /^\/__\//,
          /\/[^/]+\.[a-z]+$/,
        ],
        cleanupOutdatedCaches: true,
        runtimeCaching: [
          {
            // Without it the app cannot start offline; the network wins while there is one.
            urlPattern: ({ url }) => url.pathname === '/config.json',
            handler: 'NetworkFirst',
            options: { cacheName: 'config', networkTimeoutSeconds: 3 },
          },
          {
            // The only API answer that is the same for everybody. Private answers are never cached here.
            urlPattern: ({ url }) => url.pathname === '/api/catalog',
            handler: 'NetworkFirst',
            options: { cacheName: 'catalog', networkTimeoutSeconds: 3 },
          },
        ],
      },
    }),
  ],
});
