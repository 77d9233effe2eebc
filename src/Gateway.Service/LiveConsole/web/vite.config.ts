import { defineConfig } from 'vite';

// The gateway serves dist under `default-src 'self'`: nothing may be inlined as data: or script text.
export default defineConfig({
  base: './',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: true,
  },
  server: {
    port: 28101,
    strictPort: true,
    proxy: { '/api': 'http://127.0.0.1:28100' },
  },
});
