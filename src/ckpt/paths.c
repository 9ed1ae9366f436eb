/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paths.h"

#include <glib/gi18n.h>

const char *const paths_help = N_ (
    "A path is written as in Python, '[\"model\"][\"conv1.weight\"]', or as keys joined by /:\n"
    "  model/conv1.weight     one value\n"
    "  'model/*.weight'       a glob within one key\n"
    "  '**/step'              at any depth\n"
    "  .                      the whole file");
