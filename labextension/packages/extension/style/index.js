// SPDX-License-Identifier: Apache-2.0
import '@firesteel/panels/style/index.js';
