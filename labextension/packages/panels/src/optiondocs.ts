// SPDX-License-Identifier: Apache-2.0
import type { DocumentedOption, FiresteelApi } from '@firesteel/client';

/** How many options are shown to choose from. */
export const MATCHES_SHOWN = 30;

/** How many answers are kept; the oldest goes first. */
const ANSWERS_KEPT = 200;

/** Options to choose from, and how many match in all. */
export interface IMatches {
  readonly options: readonly DocumentedOption[];
  readonly total: number;
}

/** What Spark's documentation says of options, asked for as it is needed. */
export class OptionDocs {
  private readonly _answers = new Map<string, Promise<IMatches>>();

  constructor(private readonly _api: Pick<FiresteelApi, 'sparkOptions'>) {}

  /** Options with these words; of the latest version of Spark if none is known. */
  search(words: string, version?: string): Promise<IMatches> {
    const q = words.trim().slice(0, 200);
    const key = JSON.stringify([q, version]);
    const kept = this._answers.get(key);
    if (kept) {
      return kept;
    }
    const answer = this._api.sparkOptions({
      q: q || undefined,
      spark_version: version,
      limit: MATCHES_SHOWN
    });
    this._answers.set(key, answer);
    // What failed is asked for again the next time.
    answer.catch(() => this._answers.delete(key));
    for (const oldest of this._answers.keys()) {
      if (this._answers.size <= ANSWERS_KEPT) {
        break;
      }
      this._answers.delete(oldest);
    }
    return answer;
  }

  /** What is known of the option with exactly this name. */
  async find(
    name: string,
    version?: string
  ): Promise<DocumentedOption | undefined> {
    const { options } = await this.search(name, version);
    return options.find(item => item.name === name.trim());
  }

  /** Ask anew from now on: the catalogue has changed. */
  forget(): void {
    this._answers.clear();
  }
}

/** The first sentence of a description, in one line. */
export function firstSentence(description: string): string {
  const line = description.replace(/\s+/g, ' ').trim();
  const end = /[.!?](?= [A-Z(`]|$)/.exec(line);
  return end ? line.slice(0, end.index + 1) : line;
}
