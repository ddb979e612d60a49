import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Distance between the parts of `.stack` and `.row`. */
    '--gap'?: string;
  }
}
