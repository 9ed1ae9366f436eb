/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "ckpt-version.h"

/**
 * ckpt_version:
 *
 * Returns: the version of the library, as text
 */
const char *
ckpt_version (void)
{
  return PACKAGE_VERSION;
}
