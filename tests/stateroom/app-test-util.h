/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-window.h"

G_BEGIN_DECLS

/* Runs the main loop until @condition holds, and fails the test if that takes too long. */
#define WAIT_UNTIL(condition)                                                                                    \
  G_STMT_START                                                                                                   \
  {                                                                                                              \
    gint64 wait_end = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;                                         \
    while (!(condition))                                                                                         \
      {                                                                                                          \
        if (g_get_monotonic_time () > wait_end)                                                                  \
          g_error ("%s:%d: still not: %s", __FILE__, __LINE__, #condition);                                      \
        app_test_iterate ();                                                                                     \
      }                                                                                                          \
  }                                                                                                              \
  G_STMT_END

void                  app_test_init        (int                  *argc,
                                            char               ***argv);
/* One application for each test, that is not on the bus. */
StateroomApplication *app_test_new_app     (void);
void                  app_test_free_app    (StateroomApplication *app);
void                  app_test_iterate     (void);
StateroomWindow      *app_test_open        (StateroomApplication *app,
                                            const char           *path);
/* A file of tests/fixtures/torch-2.13. */
char                 *app_test_fixture     (const char           *name);
/* A file in a folder of this process. */
char                 *app_test_file        (const char           *name,
                                            const void           *data,
                                            gssize                length);
void                  app_test_copy        (const char           *from,
                                            const char           *to);
/* A checkpoint of one tensor, "x", of which the first @n_present bytes are in the file: 0, but for those written at @offset. */
CkptTree             *app_test_sparse      (const char           *dtype,
                                            const char           *shape,
                                            guint64               n_bytes,
                                            guint64               n_present,
                                            guint64               offset,
                                            const void           *bytes,
                                            gsize                 length);
void                  app_test_act         (StateroomWindow      *window,
                                            const char           *action,
                                            const char           *parameter);
/* The label of a row that is shown, or NULL. */
char                 *app_test_dup_label   (StateroomWindow      *window,
                                            guint                 position);
guint                 app_test_find_row    (StateroomWindow      *window,
                                            const char           *label);
/* The first widget of a type below @widget, in the order of the tree. */
GtkWidget            *app_test_find_widget (GtkWidget            *widget,
                                            GType                 type);
/* Clicks the button with a label, mnemonic and all. */
void                  app_test_click       (GtkWidget            *widget,
                                            const char           *label);
/* Whether an inscription or a label below @widget shows @text. */
gboolean              app_test_has_text    (GtkWidget            *widget,
                                            const char           *text);

G_END_DECLS
