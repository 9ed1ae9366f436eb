/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

/*
 * `ckpt plot` is a program of its own: what draws pictures takes longer to be loaded than `ckpt ls` takes for a checkpoint. These are what
 * both know about it.
 */
#define PLOT_PROGRAM   "ckpt-plot"
#define PLOT_NAME      "plot"
#define PLOT_ARGUMENTS N_ ("FILE PATH...")
#define PLOT_SUMMARY   N_ ("Draw values into a picture")
