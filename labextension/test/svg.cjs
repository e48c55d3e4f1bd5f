// SPDX-License-Identifier: Apache-2.0
module.exports = {
  __esModule: true,
  default: '<svg xmlns="http://www.w3.org/2000/svg"></svg>'
};
