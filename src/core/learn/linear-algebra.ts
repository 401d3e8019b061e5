/** Linear algebra of small, dense, symmetric systems. Sources: Golub and Van Loan, Matrix Computations, 4.2 (Cholesky). */

/** A square matrix, row after row: entry (i, j) stands at `i * size + j`. */
export interface SquareMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** The lower triangle L with L·Lᵀ = A. Entries above the diagonal are 0. */
export interface Cholesky {
  readonly size: number;
  readonly lower: Float64Array;
}

/** @throws RangeError when the rows are not as long as there are rows. */
export function squareMatrix(rows: readonly (readonly number[])[]): SquareMatrix {
  const size = rows.length;
  const values = new Float64Array(size * size);
  rows.forEach((row, i) => {
    if (row.length !== size) throw new RangeError(`row ${i} of a ${size} × ${size} matrix has ${row.length} entries`);
    values.set(row, i * size);
  });
  return { size, values };
}

export function rowsOf({ size, values }: SquareMatrix): number[][] {
  return Array.from({ length: size }, (_, i) => [...values.subarray(i * size, (i + 1) * size)]);
}

/**
 * Only the lower triangle is read.
 * @throws RangeError when the matrix is not positive definite (or holds NaN), with the row at which that shows.
 */
export function cholesky({ size, values }: SquareMatrix): Cholesky {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = values[i * size + j]!;
      for (let k = 0; k < j; k += 1) sum -= lower[i * size + k]! * lower[j * size + k]!;
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j]!;
      else if (sum > 0 && sum < Infinity) lower[i * size + i] = Math.sqrt(sum);
      else throw new RangeError(`the matrix is not positive definite: pivot ${sum} in row ${i}`);
    }
  return { size, lower };
}

/** The x with A·x = `right`. */
export function solve({ size, lower }: Cholesky, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right);
  if (x.length !== size) throw new RangeError(`${x.length} values on the right of a system of ${size}`);
  for (let i = 0; i < size; i += 1) {
    let sum = x[i]!;
    for (let k = 0; k < i; k += 1) sum -= lower[i * size + k]! * x[k]!;
    x[i] = sum / lower[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = x[i]!;
    for (let k = i + 1; k < size; k += 1) sum -= lower[k * size + i]! * x[k]!;
    x[i] = sum / lower[i * size + i]!;
  }
  return x;
}

/** A⁻¹, symmetric to the last bit. */
export function inverse(factor: Cholesky): SquareMatrix {
  const { size } = factor;
  const values = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let j = 0; j < size; j += 1) {
    unit.fill(0);
    unit[j] = 1;
    const column = solve(factor, unit);
    for (let i = j; i < size; i += 1) {
      values[i * size + j] = column[i]!;
      values[j * size + i] = column[i]!;
    }
  }
  return { size, values };
}
