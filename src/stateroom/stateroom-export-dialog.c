/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-export-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stateroom-card.h"
#include "stateroom-effect-view.h"
#include "stateroom-export-job.h"
#include "stateroom-format.h"
#include "stateroom-weak.h"

/* As in the rows of the dialog, after "What fits". */
static const CkptContainer containers[] = {
  CKPT_CONTAINER_TORCH_ZIP,
  CKPT_CONTAINER_TORCH_LEGACY,
  CKPT_CONTAINER_SAFETENSORS,
};

struct _StateroomExportDialog
{
  AdwDialog parent_instance;

  GtkWidget *export_button;
  GtkCheckButton *cpu_button;
  GtkCheckButton *share_button;
  AdwEntryRow *name_row;
  AdwActionRow *folder_row;
  AdwComboRow *reads_in_row;
  AdwComboRow *container_row;
  StateroomEffectView *effect_view;
  GtkBox *changes;
  GtkWidget *code_card;
  GtkLabel *code_label;

  StateroomEditor *editor;
  GFile *source;             /* the file that is open */
  GFile *folder;             /* where to */
  gboolean has_name;         /* whether the name was typed or chosen: then it stays, whatever the copy is */
  gboolean is_naming;        /* while a name is given to it that was not typed */
  gboolean may_replace;      /* whether it was agreed to that what is there goes */
  StateroomExport *export;   /* what it would come to; NULL until that is known */
  GCancellable *cancellable; /* while it is found out */
};

enum
{
  EXPORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomExportDialog, stateroom_export_dialog, ADW_TYPE_DIALOG)

static void
set_name (StateroomExportDialog *self, const char *name)
{
  self->is_naming = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
  self->is_naming = FALSE;
}

/* A name that says what the copy is, as long as none was typed. */
static void
suggest_name (StateroomExportDialog *self)
{
  g_autofree char *path = NULL, *name = NULL;

  if (self->has_name || self->export == NULL)
    return;
  path = ckpt_export_dup_name (self->export->result, g_file_peek_path (self->source));
  name = g_path_get_basename (path);
  set_name (self, name);
}

static void
show_folder (StateroomExportDialog *self)
{
  g_autofree char *name = g_file_get_parse_name (self->folder);
  g_autofree char *shown = ckpt_text_escape (name, strlen (name), 400);

  adw_action_row_set_subtitle (self->folder_row, shown);
}

static void
show_code (StateroomExportDialog *self)
{
  g_autoptr (GFile) file = stateroom_export_dialog_get_file (self);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *code = NULL;

  if (self->export != NULL && path != NULL)
    code = ckpt_export_dup_code (self->export->result, path);
  gtk_label_set_text (self->code_label, code != NULL ? code : "");
  gtk_widget_set_visible (self->code_card, code != NULL);
}

static void
update_export_button (StateroomExportDialog *self)
{
  g_autoptr (GFile) file = stateroom_export_dialog_get_file (self);

  gtk_widget_set_sensitive (self->export_button, self->export != NULL && file != NULL);
}

static void
on_name_changed (StateroomExportDialog *self)
{
  if (self->is_naming || self->editor == NULL)
    return;
  self->has_name = TRUE;
  self->may_replace = FALSE;
  update_export_button (self);
  show_code (self);
}

static void
clear_changes (StateroomExportDialog *self)
{
  GtkWidget *change;

  while ((change = gtk_widget_get_first_child (GTK_WIDGET (self->changes))) != NULL)
    gtk_box_remove (self->changes, change);
}

static void
add_change (StateroomExportDialog *self, CkptEffect *effect)
{
  GtkWidget *view = g_object_new (STATEROOM_TYPE_EFFECT_VIEW, NULL);

  stateroom_effect_view_set_effect (STATEROOM_EFFECT_VIEW (view), effect->title != NULL ? effect->title : "",
                                    ckpt_effect_get_bytes (effect), effect->notes);
  gtk_box_append (self->changes, view);
}

/* "1.5 GB → 498 MB" */
static char *
dup_sizes (const StateroomExport *export)
{
  g_autofree char *before = stateroom_format_bytes (export->n_bytes_before);
  g_autofree char *after = stateroom_format_bytes (export->n_bytes);

  /* Translators: the size of a file, and of the copy that is made of it */
  return g_strdup_printf (_ ("%s → %s"), before, after);
}

static GPtrArray *
list_notes (const StateroomExport *export)
{
  GPtrArray *notes = g_ptr_array_new ();
  GPtrArray *lists[] = { ckpt_export_get_notes (export->result), export->notes };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < lists[i]->len; j++)
      g_ptr_array_add (notes, g_ptr_array_index (lists[i], j));
  if (ckpt_export_get_effects (export->result)->len == 0)
    g_ptr_array_add (notes, _ ("Nothing needs to be changed for that."));
  return notes;
}

static void
show_export (StateroomExportDialog *self)
{
  GPtrArray *effects = ckpt_export_get_effects (self->export->result);
  g_autofree char *sizes = dup_sizes (self->export);
  g_autoptr (GPtrArray) notes = list_notes (self->export);

  clear_changes (self);
  stateroom_effect_view_set_effect (self->effect_view, sizes, 0, notes);
  for (guint i = 0; i < effects->len; i++)
    add_change (self, g_ptr_array_index (effects, i));
  suggest_name (self);
  update_export_button (self);
  show_code (self);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomExportDialog) self = stateroom_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (StateroomExport) export = stateroom_export_make_finish (result, &error);

  if (self == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->cancellable);
  if (export != NULL)
    {
      self->export = g_steal_pointer (&export);
      show_export (self);
      return;
    }
  clear_changes (self);
  stateroom_effect_view_set_error (self->effect_view, error->message);
  show_code (self);
}

static CkptExportOptions
get_options (StateroomExportDialog *self)
{
  static const CkptReadsIn readers[] = { CKPT_READS_IN_ANY, CKPT_READS_IN_1_6, CKPT_READS_IN_1_5 };
  guint container = adw_combo_row_get_selected (self->container_row);
  CkptExportOptions options = { .leaves_out = TRUE };

  /* The one that is chosen tells of it last. */
  options.preset = gtk_check_button_get_active (self->cpu_button) ? CKPT_EXPORT_CPU : CKPT_EXPORT_SHARE;
  options.reads_in =
      readers[MIN (adw_combo_row_get_selected (self->reads_in_row), G_N_ELEMENTS (readers) - 1)];
  options.has_container = container > 0 && container <= G_N_ELEMENTS (containers);
  if (options.has_container)
    options.container = containers[container - 1];
  return options;
}

static void
stop (StateroomExportDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->export, stateroom_export_free);
}

static void
on_changed (StateroomExportDialog *self)
{
  CkptExportOptions options;

  /* The template sets what it has before there is anything to export. */
  if (self->editor == NULL)
    return;
  options = get_options (self);
  stop (self);
  gtk_widget_set_sensitive (self->export_button, FALSE);
  stateroom_effect_view_set_busy (self->effect_view);
  self->cancellable = g_cancellable_new ();
  stateroom_export_make_async (self->editor, &options, self->cancellable, on_made, stateroom_weak_new (self));
}

static void
on_cancel_clicked (StateroomExportDialog *self)
{
  adw_dialog_close (ADW_DIALOG (self));
}

static void
on_copy_clicked (StateroomExportDialog *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->code_label));
}

static void
on_chosen (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (StateroomExportDialog) self = stateroom_weak_take (user_data);
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  /* The dialog has asked whether to replace a file that is there. */
  if (self != NULL && file != NULL && g_file_peek_path (file) != NULL)
    stateroom_export_dialog_set_file (self, file, TRUE);
}

static void
on_choose_clicked (StateroomExportDialog *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GFile) file = stateroom_export_dialog_get_file (self);

  gtk_file_dialog_set_title (dialog, _ ("Export"));
  if (file != NULL)
    {
      g_autofree char *name = g_file_get_basename (file);

      gtk_file_dialog_set_initial_folder (dialog, self->folder);
      gtk_file_dialog_set_initial_name (dialog, name);
    }
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL, on_chosen,
                        stateroom_weak_new (self));
}

static void
finish (StateroomExportDialog *self)
{
  g_signal_emit (self, signals[EXPORT], 0);
  adw_dialog_close (ADW_DIALOG (self));
}

static void
on_replace_response (StateroomExportDialog *self, const char *response)
{
  if (g_str_equal (response, "replace"))
    {
      self->may_replace = TRUE;
      finish (self);
    }
  else if (g_str_equal (response, "choose"))
    on_choose_clicked (self);
}

/* Something has that name already. */
static void
ask_to_replace (StateroomExportDialog *self, GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = ckpt_text_escape (name, strlen (name), 80);
  g_autofree char *heading = g_strdup_printf (_ ("Replace “%s”?"), shown);
  AdwDialog *dialog = adw_alert_dialog_new (heading,
                                            _ ("There is a file of that name. Its content will be lost."));
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);

  adw_alert_dialog_add_responses (alert, "cancel", _ ("_Cancel"), "choose", _ ("C_hoose Another…"), "replace",
                                  _ ("_Replace"), NULL);
  adw_alert_dialog_set_response_appearance (alert, "replace", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (alert, "choose");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_replace_response), self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
on_export_clicked (StateroomExportDialog *self)
{
  stateroom_export_dialog_export (self);
}

static void
stateroom_export_dialog_dispose (GObject *object)
{
  StateroomExportDialog *self = STATEROOM_EXPORT_DIALOG (object);

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), STATEROOM_TYPE_EXPORT_DIALOG);
  g_clear_object (&self->editor);
  g_clear_object (&self->source);
  g_clear_object (&self->folder);

  G_OBJECT_CLASS (stateroom_export_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_EFFECT_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, export_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, cpu_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, share_button);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, reads_in_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, container_row);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, effect_view);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, changes);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, code_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomExportDialog, code_label);
  gtk_widget_class_bind_template_callback (widget_class, on_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_export_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
}

static void
stateroom_export_dialog_class_init (StateroomExportDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = stateroom_export_dialog_dispose;
  /**
   * StateroomExportDialog::export:
   *
   * The copy is to be written; the dialog closes.
   */
  signals[EXPORT] = g_signal_new ("export", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
stateroom_export_dialog_init (StateroomExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * stateroom_export_dialog_new:
 * @editor: what edits the file
 * @file: the file
 *
 * Returns: (transfer floating): a dialog that would write the same content on the CPU beside the file
 */
AdwDialog *
stateroom_export_dialog_new (StateroomEditor *editor, GFile *file)
{
  StateroomExportDialog *self = g_object_new (STATEROOM_TYPE_EXPORT_DIALOG, NULL);

  self->editor = g_object_ref (editor);
  self->source = g_object_ref (file);
  self->folder = g_file_get_parent (file);
  show_folder (self);
  gtk_widget_set_visible (self->code_card, FALSE);
  on_changed (self);
  return ADW_DIALOG (self);
}

/**
 * stateroom_export_dialog_is_busy:
 *
 * Returns: whether it is still being found out what the copy would be
 */
gboolean
stateroom_export_dialog_is_busy (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * stateroom_export_dialog_can_export:
 *
 * Returns: whether there is a copy to write
 */
gboolean
stateroom_export_dialog_can_export (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), FALSE);

  return self->export != NULL;
}

/**
 * stateroom_export_dialog_set_preset:
 * @preset: what the copy is for
 *
 * Chooses what the copy is for.
 */
void
stateroom_export_dialog_set_preset (StateroomExportDialog *self, CkptExportPreset preset)
{
  g_return_if_fail (STATEROOM_IS_EXPORT_DIALOG (self));

  gtk_check_button_set_active (preset == CKPT_EXPORT_SHARE ? self->share_button : self->cpu_button, TRUE);
}

/**
 * stateroom_export_dialog_set_reads_in:
 * @reads_in: which PyTorch must load it
 *
 * Chooses which PyTorch must load the copy.
 */
void
stateroom_export_dialog_set_reads_in (StateroomExportDialog *self, CkptReadsIn reads_in)
{
  g_return_if_fail (STATEROOM_IS_EXPORT_DIALOG (self));

  adw_combo_row_set_selected (self->reads_in_row, (guint) reads_in);
}

/**
 * stateroom_export_dialog_set_file:
 * @file: where to; with a local path
 * @may_replace: whether it was agreed to that what is there goes
 *
 * Chooses where the copy goes.
 */
void
stateroom_export_dialog_set_file (StateroomExportDialog *self, GFile *file, gboolean may_replace)
{
  g_autofree char *name = NULL;

  g_return_if_fail (STATEROOM_IS_EXPORT_DIALOG (self));

  g_clear_object (&self->folder);
  self->folder = g_file_get_parent (file);
  self->has_name = TRUE;
  name = g_file_get_basename (file);
  set_name (self, name);
  self->may_replace = may_replace;
  show_folder (self);
  update_export_button (self);
  show_code (self);
}

/**
 * stateroom_export_dialog_get_tree:
 *
 * Returns: (transfer none) (nullable): what would be written
 */
CkptTree *
stateroom_export_dialog_get_tree (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), NULL);

  return self->export != NULL ? ckpt_export_get_tree (self->export->result) : NULL;
}

/**
 * stateroom_export_dialog_get_container:
 *
 * Returns: as what, once there is something to write
 */
CkptContainer
stateroom_export_dialog_get_container (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), CKPT_CONTAINER_TORCH_ZIP);
  g_return_val_if_fail (self->export != NULL, CKPT_CONTAINER_TORCH_ZIP);

  return ckpt_export_get_container (self->export->result);
}

/**
 * stateroom_export_dialog_get_file:
 *
 * Returns: (transfer full) (nullable): where to; %NULL as long as there is no name that a file can have
 */
GFile *
stateroom_export_dialog_get_file (StateroomExportDialog *self)
{
  const char *name;

  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), NULL);

  name = gtk_editable_get_text (GTK_EDITABLE (self->name_row));
  /* A name is not a path. */
  if (name[0] == '\0' || strchr (name, '/') != NULL || g_str_equal (name, ".") || g_str_equal (name, ".."))
    return NULL;
  return g_file_get_child (self->folder, name);
}

/**
 * stateroom_export_dialog_get_flags:
 *
 * Returns: how to write
 */
CkptOutputFlags
stateroom_export_dialog_get_flags (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), CKPT_OUTPUT_DEFAULT);

  return self->may_replace ? CKPT_OUTPUT_DEFAULT : CKPT_OUTPUT_NEW;
}

/**
 * stateroom_export_dialog_get_code:
 *
 * Returns: (transfer none): Python that loads the copy, or nothing
 */
const char *
stateroom_export_dialog_get_code (StateroomExportDialog *self)
{
  g_return_val_if_fail (STATEROOM_IS_EXPORT_DIALOG (self), NULL);

  return gtk_label_get_text (self->code_label);
}

/**
 * stateroom_export_dialog_export:
 *
 * Has the copy written, after a question if something has its name already.
 */
void
stateroom_export_dialog_export (StateroomExportDialog *self)
{
  g_autoptr (GFile) file = NULL;

  g_return_if_fail (STATEROOM_IS_EXPORT_DIALOG (self));

  file = self->export != NULL ? stateroom_export_dialog_get_file (self) : NULL;
  if (file == NULL)
    return;
  if (!self->may_replace && g_file_query_exists (file, NULL))
    ask_to_replace (self, file);
  else
    finish (self);
}
