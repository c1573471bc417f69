const paths = {
  down: 'M4 6.5 8 10.5 12 6.5',
  up: 'M4 9.5 8 5.5 12 9.5',
  left: 'M10 3.5 5.5 8 10 12.5',
  tick: 'M3.5 8.5 6.5 11.5 12.5 5',
  bell: 'M8 2.5a3.6 3.6 0 0 0-3.6 3.6c0 3.2-1.4 4.6-1.4 4.6h10s-1.4-1.4-1.4-4.6A3.6 3.6 0 0 0 8 2.5ZM6.6 13a1.6 1.6 0 0 0 2.8 0',
  cross: 'M4 4 12 12M12 4 4 12',
}

/** A line icon that repeats the words beside it; screen readers skip it. */
export function Icon({ shape }: { shape: keyof typeof paths }) {
  return (
    <svg className="ico" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[shape]} />
    </svg>
  )
}
