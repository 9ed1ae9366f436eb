/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ckpt.h>

G_BEGIN_DECLS

/**
 * StateroomCellKind:
 * @STATEROOM_CELL_PLAIN: an ordinary value
 * @STATEROOM_CELL_ZERO: zero or False
 * @STATEROOM_CELL_NAN: not a number, or a complex one with such a part
 * @STATEROOM_CELL_INFINITE: likewise
 * @STATEROOM_CELL_MISSING: the file lacks it
 *
 * What is to be seen at a glance.
 */
typedef enum
{
  STATEROOM_CELL_PLAIN,
  STATEROOM_CELL_ZERO,
  STATEROOM_CELL_NAN,
  STATEROOM_CELL_INFINITE,
  STATEROOM_CELL_MISSING,
} StateroomCellKind;

char       *stateroom_cell_text_short      (const CkptCells   *cells,
                                            guint64            row,
                                            guint64            column,
                                            StateroomCellKind *kind);
char       *stateroom_cell_text_full       (const CkptCells   *cells,
                                            guint64            row,
                                            guint64            column);
const char *stateroom_cell_text_get_widest (CkptDtype          dtype);

G_END_DECLS
