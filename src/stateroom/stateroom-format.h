/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckptplot.h>

G_BEGIN_DECLS

/* Longest text of a file in a label, in characters. */
#define STATEROOM_MAX_LABEL 200

const CkptPlotNumberStyle *stateroom_format_get_style    (void);
PangoAttrList             *stateroom_format_get_verbatim (void);
char                      *stateroom_format_count        (guint64         n);
char                      *stateroom_format_short_count  (guint64         n);
char                      *stateroom_format_bytes        (guint64         n_bytes);
char                      *stateroom_format_number       (double          value,
                                                          int             n_digits);
char                      *stateroom_format_label        (const char     *text);
char                      *stateroom_format_step         (CkptTree       *tree,
                                                          const CkptPath *path);

G_END_DECLS
