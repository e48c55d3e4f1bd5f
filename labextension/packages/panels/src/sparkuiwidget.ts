// SPDX-License-Identifier: Apache-2.0
import type {
  ConnectionStore,
  FiresteelApi,
  IKnownConnection
} from '@firesteel/client';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  homeIcon,
  IFrame,
  launchIcon,
  refreshIcon,
  ToolbarButton
} from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { flameIcon } from './icons';
import { hasSparkUi } from './sparkuistate';

/** Where the Spark UI (4.3 and later) keeps which colours the user wants. */
const SPARK_THEME = 'spark-theme';

/** What a tab of a Spark UI needs. */
export interface ISparkUiOptions {
  readonly api: Pick<FiresteelApi, 'sparkUiUrl'>;
  readonly store: Pick<ConnectionStore, 'find' | 'subscribe'>;
  /** The connection's name. */
  readonly name: string;
  /** The page below the UI's root that is opened first: `jobs/`. */
  readonly path?: string;
  /** Called when the user has gone to another page. */
  readonly onMoved?: (tab: SparkUiWidget) => void;
  readonly trans: TranslationBundle;
}

/**
 * A connection's Spark UI in a tab. After a restart of the server it opens the
 * same section again; while there is no server it says so above the last page.
 */
export class SparkUiWidget extends MainAreaWidget<IFrame> {
  readonly name: string;
  private readonly _status = new Widget();
  private readonly _unsubscribe: () => void;
  private readonly _themes = new MutationObserver(() => this._dress());
  /** Spark's script chooses colours of its own, on some pages after they have loaded. */
  private readonly _colours = new MutationObserver(() => this._dress());
  private _path: string;
  private _opened = false;
  private _server?: string;

  constructor(private readonly _options: ISparkUiOptions) {
    super({
      content: new IFrame({
        referrerPolicy: 'same-origin',
        // The pages are on Jupyter's own origin and need their scripts and forms.
        sandbox: [
          'allow-same-origin',
          'allow-scripts',
          'allow-forms',
          'allow-modals',
          'allow-popups',
          'allow-downloads'
        ]
      })
    });
    const { store, name, path, trans } = _options;
    this.name = name;
    this._path = path ?? '';
    this.id = `firesteel-spark-ui-${name}`;
    this.addClass('firesteel-SparkUi');
    this.title.label = trans.__('Spark UI: %1', name);
    this.title.caption = trans.__('Spark UI of “%1”', name);
    this.title.icon = flameIcon;
    this.title.closable = true;
    this.node.dataset.firesteelSparkUi = name;
    this._status.addClass('firesteel-TabStatus');
    this._status.node.setAttribute('role', 'status');
    this.contentHeader.addWidget(this._status);
    this._addToolbar();
    const frame = this._frame;
    frame.title = this.title.caption;
    frame.addEventListener('load', () => {
      this._notePage();
      this._dress();
      this._keepDressed();
    });
    this._themes.observe(document.body, {
      attributeFilter: ['data-jp-theme-light']
    });
    this._unsubscribe = store.subscribe(() => this._follow());
    this._follow();
  }

  /** The page that is shown, below the UI's root: `stages/?id=3`. */
  get path(): string {
    return this._path;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._unsubscribe();
      this._themes.disconnect();
      this._colours.disconnect();
      super.dispose();
    }
  }

  private get _frame(): HTMLIFrameElement {
    return this.content.node.querySelector('iframe')!;
  }

  private _addToolbar(): void {
    const { api, name, trans } = this._options;
    const add = (
      id: string,
      icon: typeof homeIcon,
      tooltip: string,
      onClick: () => void
    ): void => {
      this.toolbar.addItem(id, new ToolbarButton({ icon, tooltip, onClick }));
    };
    add('home', homeIcon, trans.__('Back to the jobs'), () => this._open(''));
    add('reload', refreshIcon, trans.__('Reload the page'), () =>
      this._open(this._path)
    );
    add('browser', launchIcon, trans.__('Open in a browser tab'), () => {
      window.open(api.sparkUiUrl(name) + this._path, '_blank', 'noopener');
    });
  }

  /** Show what the connection's state means for the page. */
  private _follow(): void {
    const connection = this._options.store.find(this.name);
    const text = this._sentence(connection);
    this._status.node.textContent = text;
    this._status.setHidden(text === '');
    const isRead = connection !== undefined && hasSparkUi(connection);
    if (!isRead || (this._opened && connection.server_id === this._server)) {
      return;
    }
    // What a page of an earlier server was about is not there in this one.
    const isOther = this._opened;
    this._opened = true;
    this._server = connection.server_id;
    this._open(isOther ? sectionOf(this._path) : this._path);
  }

  private _sentence(connection: IKnownConnection | undefined): string {
    const { trans } = this._options;
    switch (connection?.state) {
      case 'ready':
        return '';
      case 'starting':
        return trans.__('Spark starts; its UI comes as soon as it is there.');
      case 'stopping':
        return trans.__('Spark is being stopped.');
      case undefined:
        return trans.__('There is no connection “%1”.', this.name);
      default:
        if (connection?.has_history) {
          return trans.__(
            'Spark has stopped. This is what the application has logged; its first page takes some seconds.'
          );
        }
        return trans.__(
          'Spark has stopped, and its UI with it. Start the connection to see it again.'
        );
    }
  }

  private _open(path: string): void {
    this._path = path;
    const url = this._options.api.sparkUiUrl(this.name) + path;
    if (this.content.url === url) {
      this._frame.contentWindow?.location.replace(url);
    } else {
      this.content.url = url;
    }
  }

  /** The path that all pages of the UI begin with. */
  private get _root(): string {
    const { api, name } = this._options;
    return new URL(api.sparkUiUrl(name), document.baseURI).pathname;
  }

  /** The page, if it is one of the UI and not of another site, to which it links. */
  private _page(): Window | undefined {
    try {
      const shown = this._frame.contentWindow;
      return shown?.location.pathname.startsWith(this._root)
        ? shown
        : undefined;
    } catch {
      return undefined;
    }
  }

  /** Note where the user has gone to, for a reload of the page or of Lab. */
  private _notePage(): void {
    const shown = this._page()?.location;
    if (shown) {
      this._path = shown.pathname.slice(this._root.length) + shown.search;
      this._options.onMoved?.(this);
    }
  }

  /** Give the page Lab's light or dark colours, unless the user has chosen in the UI itself. */
  private _dress(): void {
    const page = this._page();
    if (page && !page.localStorage.getItem(SPARK_THEME)) {
      const light = document.body.dataset.jpThemeLight !== 'false';
      const theme = light ? 'light' : 'dark';
      const { dataset } = page.document.documentElement;
      if (dataset.bsTheme !== theme) {
        dataset.bsTheme = theme;
      }
    }
  }

  /** Dress the page again when its script has changed its colours. */
  private _keepDressed(): void {
    this._colours.disconnect();
    const page = this._page();
    if (page) {
      this._colours.observe(page.document.documentElement, {
        attributeFilter: ['data-bs-theme']
      });
    }
  }
}

/** Of `stages/stage/?id=3` only `stages/`. */
function sectionOf(path: string): string {
  return /^[a-zA-Z]+\//.exec(path)?.[0] ?? '';
}
