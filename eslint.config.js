// Type-aware lint rules for the whole house. Formatting belongs to prettier, import directions to dependency-cruiser.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.dotm/**',
      '.dotm-test/**',
      '.dotm-node/**',
      'coverage/**',
      'contracts/{artifacts,bindings,cache}/**',
      'hosting/public/**',
      '**/*.mjs',
      '**/*.cjs',
      '**/*.js',
    ],
  },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      // Numbers and bigints read well in templates; objects do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Ports are async by contract; a stand-in or a pure implementation has nothing to await.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // What is deployed logs through platform/log only: a stray console line loses trace id and severity.
    files: ['functions/src/**/*.ts'],
    ignores: ['functions/src/ops/**', 'functions/src/platform/log*.ts', '**/*.test.ts'],
    rules: { 'no-console': 'error' },
  },
);
